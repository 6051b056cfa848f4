#pragma once

#include <cstdint>
#include <string>

namespace musl {

/// A regular file opened for reading, with its size at that time. Refuses
/// pipes, devices and folders, whose reading may block or never end.
class RegularFile {
 public:
  /// FormatError with the path and the system's reason.
  explicit RegularFile(const std::string& path);
  RegularFile(RegularFile&& other) noexcept;
  RegularFile& operator=(RegularFile&&) = delete;
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;
  ~RegularFile();

  [[nodiscard]] int descriptor() const { return fd_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Copies `size` bytes from `offset`. FormatError if the file has shrunk.
  void read(std::uint64_t offset, std::uint64_t size, void* out) const;
  /// FormatError if the file has shrunk since it was opened.
  void check_size() const;
  /// FormatError: the path and `why`.
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  std::string path_;
  int fd_;
  std::uint64_t size_ = 0;
};

}  // namespace musl
