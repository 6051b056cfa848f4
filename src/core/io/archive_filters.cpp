#include "io/archive_filters.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "io/archive_layout.h"
#include "musl/error.h"
#include "musl/row_codes.h"

namespace musl::archive {

namespace {

using Order = std::vector<std::uint32_t>;

constexpr std::size_t kBits = 8;

std::size_t mask_size(std::size_t rows) { return (rows + kBits - 1) / kBits; }

std::size_t width_of(const ArchiveTensor& tensor) {
  return static_cast<std::size_t>(element_size(tensor.dtype));
}

Bytes turned(const Bytes& bytes, std::size_t rows, std::size_t cols) {
  Bytes out(bytes.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < cols; ++j) {
      out[j * rows + i] = bytes[i * cols + j];
    }
  }
  return out;
}

/// Rows by their sums.
Order order_of(const Bytes& bytes, std::size_t rows, std::size_t cols) {
  std::vector<std::uint64_t> sums(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto* row = bytes.data() + i * cols;
    sums[i] = std::accumulate(row, row + cols, std::uint64_t{0});
  }
  Order order(rows);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::uint32_t i, std::uint32_t j) { return sums[i] < sums[j]; });
  return order;
}

Bytes with_sorted_rows(const Bytes& bytes, std::size_t rows, std::size_t cols) {
  const Order order = order_of(bytes, rows, cols);
  Bytes places(rows * sizeof(order[0]));
  std::memcpy(places.data(), order.data(), places.size());
  Bytes out = by_planes(places, sizeof(order[0]), /*back=*/false);
  out.reserve(out.size() + bytes.size());
  for (const std::uint32_t i : order) {
    const auto* row = bytes.data() + i * cols;
    out.insert(out.end(), row, row + cols);
  }
  return out;
}

Bytes rows_put_back(const Bytes& sorted, std::size_t rows, std::size_t cols) {
  Order order(rows);
  const std::size_t begin = rows * sizeof(order[0]);
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(begin);
  const Bytes places =
      by_planes({sorted.begin(), middle}, sizeof(order[0]), /*back=*/true);
  std::memcpy(order.data(), places.data(), places.size());
  std::vector<std::uint8_t> is_there(rows, 0);
  Bytes out(rows * cols);
  for (std::size_t i = 0; i < rows; ++i) {
    if (order[i] >= rows || is_there[order[i]]++ != 0) {
      throw FormatError(
          "The archive is damaged: rows of a compressed tensor have no place.");
    }
    std::memcpy(out.data() + order[i] * cols, sorted.data() + begin + i * cols,
                cols);
  }
  return out;
}

bool is_filled(const std::uint8_t* row, std::size_t cols) {
  return std::any_of(row, row + cols, [](std::uint8_t x) { return x != 0; });
}

/// One bit per row, then columns of the rows that are not all zero, each with
/// zeros for the others at its end.
Bytes with_filled_rows(const Bytes& bytes, std::size_t rows, std::size_t cols) {
  const std::size_t begin = mask_size(rows);
  Bytes out(begin + bytes.size(), 0);
  std::size_t place = begin;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto* row = bytes.data() + i * cols;
    if (!is_filled(row, cols)) continue;
    out[i / kBits] |= static_cast<std::uint8_t>(1U << (i % kBits));
    for (std::size_t j = 0; j < cols; ++j) out[place + j * rows] = row[j];
    ++place;
  }
  return out;
}

Bytes filled_rows_put_back(const Bytes& filled, std::size_t rows,
                           std::size_t cols) {
  Bytes out(rows * cols, 0);
  std::size_t place = mask_size(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    if ((filled[i / kBits] >> (i % kBits) & 1U) == 0) continue;
    for (std::size_t j = 0; j < cols; ++j) {
      out[i * cols + j] = filled[place + j * rows];
    }
    ++place;
  }
  return out;
}

/// Numbers of a row along the first dimension.
std::size_t row_size(const ArchiveTensor& tensor) {
  const std::int64_t rows = tensor.shape[0];
  return rows == 0
             ? 0
             : static_cast<std::size_t>(element_count(tensor.shape) / rows);
}

/// Empty if codes would not restore every bit.
Bytes coded_rows(const ArchiveTensor& tensor) {
  const auto rows = static_cast<std::size_t>(tensor.shape[0]);
  const std::size_t cols = row_size(tensor);
  std::vector<float> row(cols), scales(rows);
  std::vector<std::int8_t> codes(rows * cols);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t size = cols * sizeof(row[0]);
    std::memcpy(row.data(), tensor.bytes.data() + i * size, size);
    if (!code_row(row.data(), cols, codes.data() + i * cols, &scales[i])) {
      return {};
    }
  }
  Bytes plain(rows * sizeof(scales[0]));
  std::memcpy(plain.data(), scales.data(), plain.size());
  Bytes out = by_planes(plain, sizeof(scales[0]), /*back=*/false);
  out.insert(out.end(), codes.begin(), codes.end());
  return out;
}

Bytes rows_of_codes(const Bytes& bytes, const ArchiveTensor& tensor) {
  const auto rows = static_cast<std::size_t>(tensor.shape[0]);
  const std::size_t cols = row_size(tensor);
  std::vector<float> row(cols), scales(rows);
  const auto middle =
      bytes.begin() + static_cast<std::ptrdiff_t>(rows * sizeof(scales[0]));
  const Bytes plain =
      by_planes({bytes.begin(), middle}, sizeof(scales[0]), /*back=*/true);
  std::memcpy(scales.data(), plain.data(), plain.size());
  const std::vector<std::int8_t> codes(middle, bytes.end());
  const std::size_t size = cols * sizeof(row[0]);
  Bytes out(rows * size);
  for (std::size_t i = 0; i < rows; ++i) {
    row_of_codes(codes.data() + i * cols, cols, scales[i], row.data());
    std::memcpy(out.data() + i * size, row.data(), size);
  }
  return out;
}

bool suits(Filter filter, const ArchiveTensor& tensor) {
  if (filter == Filter::planes) return true;
  if (filter == Filter::coded_rows) {
    return tensor.dtype == "F32" && tensor.shape.size() > 1 &&
           tensor.shape[0] < std::numeric_limits<std::int32_t>::max();
  }
  if (filter == Filter::differences || filter == Filter::listed) {
    return width_of(tensor) == 4 || width_of(tensor) == 8;
  }
  return tensor.dtype == "U8" && tensor.shape.size() == 2 &&
         tensor.shape[1] > 0 &&
         tensor.shape[0] < std::numeric_limits<std::int32_t>::max();
}

}  // namespace

const char* filter_name(Filter filter) {
  switch (filter) {
    case Filter::differences:
      return "differences";
    case Filter::columns:
      return "columns";
    case Filter::sorted_rows:
      return "sorted";
    case Filter::coded_rows:
      return "coded";
    case Filter::filled_rows:
      return "filled";
    case Filter::listed:
      return "listed";
    case Filter::planes:
      break;
  }
  return "deflate";
}

std::vector<Filter> filters_of(const ArchiveTensor& tensor) {
  std::vector<Filter> out;
  for (const Filter filter : kFilters) {
    if (suits(filter, tensor)) out.push_back(filter);
  }
  return out;
}

Bytes filtered(Filter filter, const ArchiveTensor& tensor) {
  const std::size_t width = width_of(tensor);
  const Bytes& bytes = tensor.bytes;
  if (filter == Filter::planes) return by_planes(bytes, width, /*back=*/false);
  if (filter == Filter::differences) {
    return by_planes(differences_of(bytes, width, /*back=*/false), width,
                     /*back=*/false);
  }
  if (filter == Filter::coded_rows) return coded_rows(tensor);
  if (filter == Filter::listed) return listed_values(bytes, width);
  const auto rows = static_cast<std::size_t>(tensor.shape[0]);
  const auto cols = static_cast<std::size_t>(tensor.shape[1]);
  if (filter == Filter::columns) return turned(bytes, rows, cols);
  return filter == Filter::filled_rows ? with_filled_rows(bytes, rows, cols)
                                       : with_sorted_rows(bytes, rows, cols);
}

std::int64_t filtered_size(Filter filter, const ArchiveTensor& tensor) {
  if (!suits(filter, tensor)) return -1;
  constexpr std::int64_t kEachRow = 4;  // bytes of a place, and of a scale
  const std::int64_t count = element_count(tensor.shape);
  if (filter == Filter::coded_rows) return count + tensor.shape[0] * kEachRow;
  if (filter == Filter::listed) {
    return listed_size(count, element_size(tensor.dtype));
  }
  if (filter == Filter::filled_rows) {
    const auto rows = static_cast<std::size_t>(tensor.shape[0]);
    return count + static_cast<std::int64_t>(mask_size(rows));
  }
  const bool with_order = filter == Filter::sorted_rows;
  return count * element_size(tensor.dtype) +
         (with_order ? tensor.shape[0] * kEachRow : 0);
}

Bytes restored(Filter filter, Bytes bytes, const ArchiveTensor& tensor) {
  const std::size_t width = width_of(tensor);
  if (filter == Filter::planes) {
    if (width < 2) return bytes;
    return by_planes(bytes, width, /*back=*/true);
  }
  if (filter == Filter::differences) {
    return differences_of(by_planes(bytes, width, /*back=*/true), width,
                          /*back=*/true);
  }
  if (filter == Filter::coded_rows) return rows_of_codes(bytes, tensor);
  if (filter == Filter::listed) return values_listed(bytes, width);
  const auto rows = static_cast<std::size_t>(tensor.shape[0]);
  const auto cols = static_cast<std::size_t>(tensor.shape[1]);
  if (filter == Filter::columns) return turned(bytes, cols, rows);
  return filter == Filter::filled_rows ? filled_rows_put_back(bytes, rows, cols)
                                       : rows_put_back(bytes, rows, cols);
}

}  // namespace musl::archive
