#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "io/regular_file.h"

namespace musl {

/// A file mapped into memory, read only.
class MappedFile {
 public:
  MappedFile() = default;
  /// FormatError with the system's reason, and if it is not a regular file.
  explicit MappedFile(const std::string& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] std::string_view bytes() const {
    return {static_cast<const char*>(data_), size_};
  }
  /// FormatError if the file has shrunk.
  void check_size() const;

 private:
  std::optional<RegularFile> file_;
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

/// A buffer that grows by moving pages instead of copying bytes.
class PageBuffer {
 public:
  PageBuffer() = default;
  PageBuffer(const PageBuffer&) = delete;
  PageBuffer& operator=(const PageBuffer&) = delete;
  ~PageBuffer();

  /// Room for at least `n` bytes; invalidates pointers into the buffer.
  void reserve(std::size_t n);
  [[nodiscard]] char* data() { return static_cast<char*>(data_); }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  void* data_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace musl
