#pragma once

// Only tensors, for the package's convolutions: including LibTorch's functions,
// modules and gradients (tensor.h) takes ten times as long.

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

namespace musl::nn {

using at::Tensor;

}  // namespace musl::nn
