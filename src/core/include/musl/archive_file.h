#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace musl {

/// An archive on disk, read once, directly into the caller's memory. Announced
/// sizes are compared with the file's size before memory is allocated.
class ArchiveFile {
 public:
  /// Opens a regular file and reads its header.
  ///
  /// prefixes  tensors and strings whose names begin with prefix i (from 1)
  ///           form part i, a separate archive; the others are part 0
  ///
  /// FormatError, with the path, for a file that is not an archive of MuSL, is
  /// damaged or newer; and for pipes, devices and folders.
  explicit ArchiveFile(const std::string& path,
                       const std::vector<std::string>& prefixes = {});
  ArchiveFile(const ArchiveFile&) = delete;
  ArchiveFile& operator=(const ArchiveFile&) = delete;
  ~ArchiveFile();

  /// Bytes that read() writes for a part; 0 if it has no tensors and there are
  /// several parts.
  [[nodiscard]] std::uint64_t size(std::size_t part = 0) const;
  /// Writes each part as write_archive() would. FormatError if the content does
  /// not match the file's checksum.
  void read(const std::vector<std::uint8_t*>& out) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace musl
