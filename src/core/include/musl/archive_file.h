#pragma once

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
  /// without  metadata keys that read() leaves out
  ///
  /// FormatError, with the path, for what is no archive of MuSL, is damaged or
  /// newer; and for pipes, devices and folders.
  ArchiveFile(const std::string& path, const std::vector<std::string>& without);
  ArchiveFile(const ArchiveFile&) = delete;
  ArchiveFile& operator=(const ArchiveFile&) = delete;
  ~ArchiveFile();

  /// All of it, that left out by read() too.
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const;
  /// Bytes that read() writes.
  [[nodiscard]] std::uint64_t size() const;
  /// Writes what write_archive() gives of the archive less `without`.
  /// FormatError where the content does not have the checksum of the file.
  void read(std::uint8_t* out) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace musl
