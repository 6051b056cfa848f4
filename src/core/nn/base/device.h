#pragma once

#include <string>

#include "musl/device.h"

namespace musl::nn {

/// As the public functions of these names.
[[nodiscard]] DeviceInfo device_info();
[[nodiscard]] std::string resolve_device(const std::string& name);

}  // namespace musl::nn
