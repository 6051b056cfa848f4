#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/archive.h"

// How a tensor's bytes are arranged before they are deflated.
namespace musl::archive {

using Bytes = std::vector<std::uint8_t>;

enum class Filter {
  /// First bytes of all elements, then their second ones, ...
  planes,
  /// Elements of 4 or 8 bytes, each as a whole number less the one before it,
  /// wrapped around; then planes.
  differences,
  /// A matrix of bytes by columns.
  columns,
  /// Rows of a matrix of bytes by their sums; the order they came in stands
  /// before them, as planes of 32-bit numbers.
  sorted_rows,
  /// F32 whose rows, along the first dimension, are whole numbers times a scale
  /// each (row_codes.h): the scales, as planes, and a byte a number.
  coded_rows,
};

inline constexpr Filter kFilters[] = {Filter::planes, Filter::differences,
                                      Filter::columns, Filter::sorted_rows,
                                      Filter::coded_rows};

/// What a packed tensor's name tells it by.
[[nodiscard]] const char* filter_name(Filter filter);

/// The filters that suit the tensor's type and shape.
[[nodiscard]] std::vector<Filter> filters_of(const ArchiveTensor& tensor);

/// The tensor's bytes, arranged; none where the filter would not give back
/// every bit of its numbers.
[[nodiscard]] Bytes filtered(Filter filter, const ArchiveTensor& tensor);

/// How many bytes filtered() gives of a tensor of that type and shape, or -1
/// where the filter does not suit it.
[[nodiscard]] std::int64_t filtered_size(Filter filter,
                                         const ArchiveTensor& tensor);

/// The bytes behind filtered(), of which there are filtered_size(); FormatError
/// where they are none of a tensor of that type and shape.
[[nodiscard]] Bytes restored(Filter filter, Bytes bytes,
                             const ArchiveTensor& tensor);

}  // namespace musl::archive
