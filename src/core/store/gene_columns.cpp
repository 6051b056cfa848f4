#include "store/gene_columns.h"

#include <cstdint>

#include "store/part.h"

namespace musl {

namespace {

GeneColumns make_gene_columns(const EvidenceInput& input,
                              std::uint64_t /*seed*/, int /*threads*/) {
  return input.part<GeneColumns>();
}

void take_gene_columns(const Field& from, EvidenceInput* to) {
  for (const Field& column : from.fields) {
    to->part<GeneColumns>().push_back({column["name"].text(),
                                       column["role"].text(),
                                       column["value"].floats()});
  }
}

const bool kGeneColumnsAreAPart =
    register_part(part_kind<GeneColumns, make_gene_columns>(
        "genes", take_gene_columns, /*if_empty=*/true));

}  // namespace

}  // namespace musl
