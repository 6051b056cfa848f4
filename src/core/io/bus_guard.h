#pragma once

#include <cstddef>

namespace musl {

/// Keeps the process alive where a mapped file becomes shorter: the pages that
/// are gone read as zeros, instead of ending the process by SIGBUS. Whoever
/// maps a file compares its size after reading.
class BusGuard {
 public:
  /// Covers `size` bytes from `data` on, until the object's end. More than 64
  /// guards at a time cover nothing, which is what happened without them.
  BusGuard(void* data, std::size_t size);
  BusGuard(const BusGuard&) = delete;
  BusGuard& operator=(const BusGuard&) = delete;
  ~BusGuard();

 private:
  int slot_;
};

}  // namespace musl
