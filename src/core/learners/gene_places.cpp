#include "learners/gene_places.h"

#include <array>
#include <cmath>

#include "base/numbers.h"

namespace musl {

namespace {

std::array<const UnitRows*, 3> annotation_rows(const EvidenceStore& known) {
  return {&known.term_rows, &known.wide_rows, &known.pathway_rows};
}

void add_place(const UnitRows& rows, std::int32_t gene, float* out) {
  if (rows.empty() || gene < 0) return;
  const float scale =
      rows.scale[at(gene)] * std::sqrt(static_cast<float>(rows.width));
  const std::int8_t* code = rows.code.data() + gene * rows.width;
  for (std::int64_t j = 0; j < rows.width; ++j) {
    out[j] += scale * static_cast<float>(code[j]);
  }
}

}  // namespace

std::int64_t gene_places_width(const EvidenceStore& known) {
  std::int64_t width = 0;
  for (const UnitRows* rows : annotation_rows(known)) width += rows->width;
  return width;
}

Matrix gene_places(const EvidenceStore& known,
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
      add_place(*rows, of(pairs.a[at(i)]), row);
      add_place(*rows, of(pairs.b[at(i)]), row);
      row += rows->width;
    }
  }
  return out;
}

}  // namespace musl
