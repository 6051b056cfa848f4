#pragma once

#include <torch/types.h>

namespace musl::nn {

/// During its lifetime, products on a GPU use true single precision instead of
/// TF32, which is off by 1e-3; then restores the setting. No effect on the CPU.
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
