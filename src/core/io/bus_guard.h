#pragma once

#include <cstddef>

namespace musl {

/// Keeps the process alive if a mapped file shrinks: missing pages read as
/// zeros instead of ending the process by SIGBUS. Code that maps a file must
/// compare its size after reading.
class BusGuard {
 public:
  /// Covers `size` bytes from `data` during the object's lifetime. Beyond 64
  /// guards at a time, further ones cover nothing.
  BusGuard(void* data, std::size_t size);
  BusGuard(const BusGuard&) = delete;
  BusGuard& operator=(const BusGuard&) = delete;
  ~BusGuard();

 private:
  int slot_;
};

}  // namespace musl
