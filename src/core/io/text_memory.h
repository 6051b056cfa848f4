#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace musl {

/// A file mapped into memory, read only.
class MappedFile {
 public:
  MappedFile() = default;
  /// FormatError with the system's reason; a directory is refused by name.
  explicit MappedFile(const std::string& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] std::string_view bytes() const {
    return {static_cast<const char*>(data_), size_};
  }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Bytes that grow without being copied: their pages move instead.
class PageBuffer {
 public:
  PageBuffer() = default;
  PageBuffer(const PageBuffer&) = delete;
  PageBuffer& operator=(const PageBuffer&) = delete;
  ~PageBuffer();

  /// Room for at least `n` bytes; pointers into the buffer end their life.
  void reserve(std::size_t n);
  [[nodiscard]] char* data() { return static_cast<char*>(data_); }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  void* data_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace musl
