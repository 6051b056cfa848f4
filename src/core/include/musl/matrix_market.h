#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "musl/text_file.h"

namespace musl {

/// A sparse matrix by columns: rows (0-based) ascend within each column, which
/// begins at `start[column]`.
struct SparseCounts {
  std::vector<std::int32_t> start;  // columns + 1
  std::vector<std::int32_t> row;
  std::vector<double> value;
};

/// Reads a Matrix Market file of counts: `coordinate`, `integer` or `real`,
/// `general`. Memory grows with the entries read, not with the announced
/// number.
///
/// rows, columns  the size that the header must announce
/// tick           as for parallel_for()
///
/// FormatError with file and line for another format or size, more or fewer
/// entries than announced, entries outside the matrix or repeated, and values
/// that are negative or not finite.
[[nodiscard]] SparseCounts read_matrix_market(
    TextFile* file, std::int64_t rows, std::int64_t columns,
    const std::function<bool()>& tick = {});

}  // namespace musl
