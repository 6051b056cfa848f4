#pragma once

#include <string>

#include "musl/device.h"

namespace musl::nn {

/// Implement the public functions of the same names.
[[nodiscard]] DeviceInfo device_info();
[[nodiscard]] std::string resolve_device(const std::string& name);

}  // namespace musl::nn
