#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/archive.h"
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

}  // namespace musl::nn
