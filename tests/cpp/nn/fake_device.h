#pragma once

// An accelerator that this machine computes itself, for tests of what happens
// on a device where there is none. See fake_device.cpp.

#include <cstdint>
#include <string>

#include "nn/base/device.h"

namespace musl::test {

/// What the fake device did since clear_device_counts().
struct DeviceCounts {
  std::int64_t kernels = 0;
  std::int64_t copies_up = 0, copies_down = 0;
  /// How often the host had to wait: copies that block, numbers that are read.
  std::int64_t waits = 0;
  std::int64_t allocations = 0;
};

[[nodiscard]] DeviceCounts device_counts();
void clear_device_counts();

/// During its lifetime, "cuda" names the fake device.
class FakeDevice {
 public:
  FakeDevice();
  ~FakeDevice();
  FakeDevice(const FakeDevice&) = delete;
  FakeDevice& operator=(const FakeDevice&) = delete;

 private:
  nn::Accelerator before_;
};

/// During its lifetime, the fake device has no more memory than now and `room`
/// bytes. A request beyond is refused in the words of `wording`; "OutOfMemory"
/// as LibTorch's own allocator does.
class ShortDevice {
 public:
  explicit ShortDevice(std::int64_t room, std::string wording = "OutOfMemory");
  ~ShortDevice();
  ShortDevice(const ShortDevice&) = delete;
  ShortDevice& operator=(const ShortDevice&) = delete;
  /// Requests that were refused.
  [[nodiscard]] static std::int64_t refusals();
};

}  // namespace musl::test
