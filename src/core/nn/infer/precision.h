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

/// While it lives, products of the calling thread on a GPU are taken in
/// bfloat16 where LibTorch's autocast deems that safe. Nothing when not
/// `wanted` or on the CPU.
class Bfloat16Guard {
 public:
  Bfloat16Guard(torch::Device device, bool wanted);
  ~Bfloat16Guard();
  Bfloat16Guard(const Bfloat16Guard&) = delete;
  Bfloat16Guard& operator=(const Bfloat16Guard&) = delete;

 private:
  bool active_;
};

}  // namespace musl::nn
