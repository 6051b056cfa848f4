#pragma once

#include <torch/types.h>

namespace musl::nn {

/// While it lives, products on a GPU are true single precision, not TF32, which
/// is off by 1e-3; puts back what it found. Nothing on the CPU.
class SinglePrecisionGuard {
 public:
  explicit SinglePrecisionGuard(torch::Device device);
  ~SinglePrecisionGuard();
  SinglePrecisionGuard(const SinglePrecisionGuard&) = delete;
  SinglePrecisionGuard& operator=(const SinglePrecisionGuard&) = delete;

 private:
  bool on_gpu_;
  bool convolutions_ = false, products_ = false;
};

}  // namespace musl::nn
