#include "nn/infer/precision.h"

#include <ATen/Context.h>

namespace musl::nn {

SinglePrecisionGuard::SinglePrecisionGuard(torch::Device device)
    : on_gpu_(device.is_cuda()) {
  if (!on_gpu_) return;
  auto& context = at::globalContext();
  convolutions_ = context.allowTF32CuDNN();
  products_ = context.allowTF32CuBLAS();
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
}

SinglePrecisionGuard::~SinglePrecisionGuard() {
  if (!on_gpu_) return;
  at::globalContext().setAllowTF32CuDNN(convolutions_);
  at::globalContext().setAllowTF32CuBLAS(products_);
}

}  // namespace musl::nn
