#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace musl {

/// An archive on disk, read once and straight into its place: what a file
/// announces is compared with its size before room is made for it.
class ArchiveFile {
 public:
  /// Opens a regular file and reads its header.
  ///
  /// without   metadata keys that read() leaves out
  /// prefixes  tensors and strings whose names begin with the i-th, from 1, are
  ///           part i, an archive of its own; the others are part 0
  ///
  /// FormatError, with the path, for what is no archive of MuSL, is damaged or
  /// newer; and for pipes, devices and folders.
  ArchiveFile(const std::string& path, const std::vector<std::string>& without,
              const std::vector<std::string>& prefixes = {});
  ArchiveFile(const ArchiveFile&) = delete;
  ArchiveFile& operator=(const ArchiveFile&) = delete;
  ~ArchiveFile();

  /// All of it, that left out by read() too.
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const;
  /// Bytes that read() writes of a part; 0 for one of several without tensors.
  [[nodiscard]] std::uint64_t size(std::size_t part = 0) const;
  /// Writes what write_archive() gives of each part, less `without`.
  /// FormatError where the content does not have the checksum of the file.
  void read(const std::vector<std::uint8_t*>& out) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace musl
