#pragma once

#include <string>

namespace musl {

/// What this build of LibTorch offers.
struct DeviceInfo {
  std::string libtorch_version;
  bool cuda_built = false;  // LibTorch was built with CUDA
  int cuda_devices = 0;     // devices it can use now
  std::string products;     // who multiplies matrices: "oneDNN" or "BLAS"
};

}  // namespace musl
