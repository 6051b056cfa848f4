#pragma once

#include <cstdint>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// For each row r of a result, the rows of a tensor to sum: those at
/// column[offset[r]] to column[offset[r + 1]], in this order.
struct RowLists {
  Tensor offset;  // (rows + 1) int64
  Tensor column;  // int64
};

[[nodiscard]] RowLists row_lists(const std::vector<std::int64_t>& offset,
                                 const std::vector<std::int64_t>& column,
                                 const torch::Device& device);
/// Row r is row column[r].
[[nodiscard]] RowLists picked_rows(const std::vector<std::int64_t>& column,
                                   const torch::Device& device);
/// Row r is the sum of rows offset[r] to offset[r + 1].
[[nodiscard]] RowLists segments(const std::vector<std::int64_t>& offset,
                                const torch::Device& device);

/// (entries) the list of each entry of lists with these offsets.
[[nodiscard]] Tensor rows_of_entries(const Tensor& offset,
                                     std::int64_t n_entries);

/// The sums, (rows, F); zeros for an empty list. x (N, F), differentiable with
/// respect to it. On the CPU one thread sums in the order of the lists, forward
/// and backward, so that bits do not depend on threads; on a GPU the order is
/// not fixed.
[[nodiscard]] Tensor sum_rows(const RowLists& lists, const Tensor& x);

/// The sums over the length of each list; no list may be empty.
[[nodiscard]] Tensor mean_rows(const RowLists& lists, const Tensor& x);

}  // namespace musl::nn
