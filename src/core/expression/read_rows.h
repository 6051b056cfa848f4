#pragma once

// Reads the assays of a cohort by rows.

#include <cstdint>
#include <functional>
#include <vector>

#include "musl/expression.h"

namespace musl {

/// Rows that a thread visits at a time: one cache line of R's columns.
inline constexpr std::int64_t kRowsPerItem = 8;

/// Called for the rows first .. last - 1 of a loaded block, on any thread.
using RowsVisitor = std::function<void(const std::vector<AssayReader>& readers,
                                       std::int64_t first, std::int64_t last)>;

/// Reads the rows of assays of one size, block by block, and visits
/// kRowsPerItem of them at a time, in parallel.
void read_rows(const ExpressionInput& input, int threads,
               const RowsVisitor& visit);

}  // namespace musl
