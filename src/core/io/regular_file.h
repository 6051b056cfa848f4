#pragma once

#include <cstdint>
#include <string>

#include "base/os.h"

namespace musl {

/// A regular file opened for reading, with its size at that time. Refuses
/// pipes, devices and folders, whose reading may block or never end.
class RegularFile {
 public:
  /// FormatError with the path and the system's reason.
  explicit RegularFile(const std::string& path);

  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Copies `size` bytes from `offset`. FormatError if the file has shrunk.
  void read(std::uint64_t offset, std::uint64_t size, void* out) const;
  /// FormatError: the path and `why`.
  [[noreturn]] void refuse(const std::string& why) const { file_.refuse(why); }

 private:
  os::File file_;
  std::uint64_t size_ = 0;
};

}  // namespace musl
