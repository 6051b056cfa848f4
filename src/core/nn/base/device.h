#pragma once

#include <ATen/core/Generator.h>
#include <c10/core/Device.h>

#include <string>

#include "model/backend.h"

namespace musl::nn {

/// Of model/backend.h.
[[nodiscard]] DeviceInfo device_info();
[[nodiscard]] std::string resolve_device(const std::string& name);

/// LibTorch's device of this name, as resolve_device() takes it.
[[nodiscard]] c10::Device device_of(const std::string& name);

/// What the name "cuda" stands for.
struct Accelerator {
  c10::DeviceType type;
  int (*count)();
  at::Generator (*generator)(c10::Device);  // a new one
};
/// Returns the one before, CUDA at first. For tests, which run where no GPU is.
Accelerator set_accelerator(const Accelerator& accelerator);

/// A new generator of random numbers on a device that is not the CPU.
[[nodiscard]] at::Generator generator_of(c10::Device device);

}  // namespace musl::nn
