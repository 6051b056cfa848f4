#pragma once

#include <cstdint>
#include <vector>

#include "musl/evidence.h"

namespace musl {

/// ShapeError if sizes do not agree, InputError for a value that is infinite or
/// below 0.
[[nodiscard]] LineExpression make_line_expression(const LinesInput& input,
                                                  std::int64_t n_genes);

/// Over other genes, as remap_evidence().
[[nodiscard]] LineExpression remap_lines(
    const LineExpression& lines, const std::vector<std::int32_t>& gene_of);

/// Appends the lines of `known` whose names `fresh` lacks, and its shares where
/// those of `fresh` are unknown.
void complete_lines(const LineExpression& known, LineExpression* fresh);

}  // namespace musl
