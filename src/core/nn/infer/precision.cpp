#include "nn/infer/precision.h"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <torch/version.h>

namespace musl::nn {
namespace {

// LibTorch 2.4 names the device in each call.
#if TORCH_VERSION_MAJOR > 2 || \
    (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
void set_autocast(bool on) {
  at::autocast::set_autocast_dtype(at::kCUDA, at::kBFloat16);
  at::autocast::set_autocast_enabled(at::kCUDA, on);
}
#else
void set_autocast(bool on) {
  at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
  at::autocast::set_enabled(on);
}
#endif

}  // namespace

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

Bfloat16Guard::Bfloat16Guard(torch::Device device, bool wanted)
    : active_(wanted && device.is_cuda()) {
  if (!active_) return;
  at::autocast::increment_nesting();
  set_autocast(true);
}

Bfloat16Guard::~Bfloat16Guard() {
  if (!active_) return;
  set_autocast(false);
  // The weights' copies are kept until the outermost one ends.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
}

}  // namespace musl::nn
