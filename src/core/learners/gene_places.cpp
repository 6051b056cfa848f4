#include "learners/gene_places.h"

#include <array>

#include "base/numbers.h"
#include "store/gene_sets.h"
#include "store/gene_store.h"
#include "store/unit_rows.h"

namespace musl {

namespace {

std::array<const UnitRows*, 3> annotation_rows(const GeneStore& known) {
  return {&known.part<Terms>().rows, &known.part<WideTerms>().rows,
          &known.part<Pathways>().rows};
}

}  // namespace

std::int64_t gene_places_width(const GeneStore& known) {
  std::int64_t width = 0;
  for (const UnitRows* rows : annotation_rows(known)) width += rows->width;
  return width;
}

Matrix gene_places(const GeneStore& known,
                   const std::vector<std::int32_t>& gene_of,
                   const PairSet& pairs) {
  const auto of = [&](std::int32_t gene) {
    return gene_of.empty() ? gene : gene_of[at(gene)];
  };
  Matrix out = Matrix::Zero(pairs.size(), gene_places_width(known));
  for (std::int64_t i = 0; i < pairs.size(); ++i) {
    float* row = out.row(i).data();
    for (const UnitRows* rows : annotation_rows(known)) {
      // A sum of two rows is the same in either order.
      rows->add_row(of(pairs.a[at(i)]), rows->unit_scale(), row);
      rows->add_row(of(pairs.b[at(i)]), rows->unit_scale(), row);
      row += rows->width;
    }
  }
  return out;
}

}  // namespace musl
