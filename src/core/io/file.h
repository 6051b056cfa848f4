#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace musl {

/// A 128-bit hash of content: two lanes of multiply and shift over words of
/// eight bytes, at several gigabytes a second. It detects mistakes, not
/// forgery.
class ContentHash {
 public:
  /// Adds bytes. The hash does not depend on how they are divided into calls.
  void update(const void* data, std::size_t size);
  void update(const std::string& text) { update(text.data(), text.size()); }
  /// Adds text and its length, so that neighbouring fields stay distinct.
  void update_field(const std::string& text);

  /// 32 hexadecimal digits of the hash of everything added so far.
  [[nodiscard]] std::string hex() const;

 private:
  void mix(std::uint64_t word);

  std::uint64_t first_ = 0x9e3779b97f4a7c15ULL;
  std::uint64_t second_ = 0xc2b2ae3d27d4eb4fULL;
  std::uint64_t size_ = 0;
  std::array<unsigned char, 8> rest_{};  // bytes of the current word
};

/// Writes to a temporary name beside `path`, syncs and renames: completely or
/// not at all. Keeps the permissions of a file that it replaces. Devices
/// such as /dev/null get the bytes as they are. FormatError with the system's
/// reason, also for pipes and folders.
void write_file(const std::string& path,
                const std::vector<std::uint8_t>& bytes);

/// Reads a whole regular file. FormatError for pipes, devices and folders, and
/// if the file shrinks meanwhile.
[[nodiscard]] std::vector<std::uint8_t> read_file(const std::string& path);
/// Whether `path` is a regular file, not a pipe, device or folder; follows
/// links.
[[nodiscard]] bool is_regular_file(const std::string& path);

/// Syncs a completely written file and renames it; FormatError with the
/// system's reason.
void publish_file(const std::string& temporary, const std::string& path);

namespace os {
class File;
}

/// A file by which processes agree that one of them alone works somewhere. The
/// lock ends with its process, however that ends, and forked processes do not
/// have it; the file stays. The process must not open the file otherwise:
/// closing it would end the lock.
class LockFile {
 public:
  /// Makes the file if need be.
  explicit LockFile(const std::string& path);
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

  /// False if another process has the lock; true also where the file system has
  /// no locks or the file can't be made.
  [[nodiscard]] bool is_ours() const { return is_ours_; }

 private:
  std::unique_ptr<os::File> file_;
  bool is_ours_ = true;
};

}  // namespace musl
