#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/archive.h"
#include "nn/base/layers.h"
#include "nn/base/tensor.h"

namespace musl::nn {

/// AdamW with weight decay on matrices and kernels only (dim >= 2). Not
/// LibTorch's, because its state must be the same in files under every LibTorch
/// version. Source: Loshchilov and Hutter (2019), algorithm 2.
class AdamW {
 public:
  AdamW(std::vector<std::string> names, std::vector<Tensor> parameters,
        double weight_decay);

  /// One step; gradients in the order of the parameters, undefined ones count
  /// as zero. The bits do not depend on `threads`.
  void step(const std::vector<Tensor>& gradients, double learning_rate,
            int threads = 1);

  void save(const std::string& prefix, Archive* archive) const;
  void load(const std::string& prefix, const Archive& archive);

 private:
  std::vector<std::string> names_;
  std::vector<Tensor> parameters_, first_, second_;
  double weight_decay_;
  std::int64_t step_ = 0;
};

/// One-cycle rate: cosine from peak / 25 to peak over `warmup` of the steps,
/// then cosine to peak / 1e4. Source: Smith and Topin (2019).
[[nodiscard]] double one_cycle(std::int64_t step, std::int64_t total,
                               double peak, double warmup);

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

// What networks do to rows between matrix products, each in one pass over
// memory where LibTorch takes several: for scoring pairs, without gradients.
// Sums are taken in one order whatever the processor; they round other than
// LibTorch's.

/// Whether these steps can stand in for LibTorch's: no gradient is recorded,
/// and x is in single precision on the CPU.
[[nodiscard]] bool has_row_steps(const Tensor& x);

/// ReLU(x W' + b), where has_row_steps(x). x (B, in) -> (B, out)
[[nodiscard]] Tensor affine_relu(const Tensor& x, const Linear& linear);

/// LayerNorm(x W' + b), then ReLU if asked, where has_row_steps(x).
/// x (B, in) -> (B, out)
[[nodiscard]] Tensor affine_normalised(const Tensor& x, const Linear& linear,
                                       const LayerNorm& norm, bool relu);

/// x (B, width) becomes LayerNorm(x + b), b (width) or undefined; then ReLU if
/// asked. x must be contiguous, where has_row_steps(x).
void normalise_rows(const Tensor& b, const LayerNorm& norm, bool relu,
                    const Tensor& x);

/// ReLU(LayerNorm(x)) W' + b for one output, where has_row_steps(x).
/// x (B, width) -> (B)
[[nodiscard]] Tensor normalised_score(const Tensor& x, const LayerNorm& norm,
                                      const Linear& score);

/// Sum, distance and product of the normalised rows of two tensors, each row
/// times its number in `shown` (B, 2) if that is defined, where
/// has_row_steps(a). a, b (B, width) -> (B, 3 width)
[[nodiscard]] Tensor normalised_pairs(const Tensor& a, const Tensor& b,
                                      const LayerNorm& norm,
                                      const Tensor& shown);

}  // namespace musl::nn
