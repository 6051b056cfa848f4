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

[[nodiscard]] DeviceInfo device_info();

/// "auto" gives "cuda:0" if there is one, else "cpu". Throws DeviceError if the
/// requested device is absent, InputError if the name is unknown.
[[nodiscard]] std::string resolve_device(const std::string& name);

}  // namespace musl
