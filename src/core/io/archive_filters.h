#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/archive_bytes.h"
#include "musl/archive.h"

// Filters that rearrange a tensor's bytes before deflation.
namespace musl::archive {

enum class Filter {
  /// First bytes of all elements, then their second ones, ...
  planes,
  /// Elements of 4 or 8 bytes as integers, each less the previous one, modulo
  /// wrap-around; then planes.
  differences,
  /// A matrix of bytes by columns.
  columns,
  /// Rows of a matrix of bytes sorted by their sums, preceded by their original
  /// order as planes of 32-bit numbers.
  sorted_rows,
  /// F32 whose rows, along the first dimension, are integers times a scale per
  /// row (row_codes.h): the scales, as planes, and one byte per number.
  coded_rows,
  /// A matrix of bytes: one bit per row, set unless the row is all zero, then
  /// its columns, each with the elements of rows that are all zero at its end.
  filled_rows,
  /// Elements of 4 or 8 bytes as places in a list (archive_bytes.h).
  listed,
};

inline constexpr Filter kFilters[] = {Filter::planes,     Filter::differences,
                                      Filter::columns,    Filter::sorted_rows,
                                      Filter::coded_rows, Filter::filled_rows,
                                      Filter::listed};

/// Name of the filter in a packed tensor's name.
[[nodiscard]] const char* filter_name(Filter filter);

/// The filters that suit the tensor's type and shape.
[[nodiscard]] std::vector<Filter> filters_of(const ArchiveTensor& tensor);

/// The tensor's bytes after the filter; empty if the filter would lose bits.
[[nodiscard]] Bytes filtered(Filter filter, const ArchiveTensor& tensor);

/// Number of bytes that filtered() returns for this type and shape, or -1 if
/// the filter does not suit it.
[[nodiscard]] std::int64_t filtered_size(Filter filter,
                                         const ArchiveTensor& tensor);

/// Inverse of filtered(), for filtered_size() bytes; FormatError if they are
/// not a tensor of this type and shape.
[[nodiscard]] Bytes restored(Filter filter, Bytes bytes,
                             const ArchiveTensor& tensor);

}  // namespace musl::archive
