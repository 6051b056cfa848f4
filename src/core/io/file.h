#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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

/// What a text file holds.
struct TextFacts {
  std::int64_t n_lines = 0;    // that are not empty
  std::int64_t zero_line = 0;  // of the first zero byte, from 1; 0: none
  bool has_quotes = false;
  bool is_ascii = true;
};

/// Scans a text whose lines `end` ends, up to the first zero byte; a carriage
/// return alone is an empty line. FormatError as for read_file().
[[nodiscard]] TextFacts scan_text(const std::string& path, char end);

/// The rows of a table without quotes, one a line, and their columns to read.
struct PlainRows {
  std::string path;
  std::int64_t n_skip = 0;  // lines above the first row
  std::int64_t n_rows = 0;
  std::int64_t n_fields = 0;
  char delimiter = ',';
  double missing = 0;             // what an empty field or NA becomes
  std::vector<int> number, text;  // ascending, from 0
};

/// Reads numbers, and text as codes from 0 into the levels that it returns, in
/// order of first occurrence. Blanks around fields do not count. The result
/// does not depend on `threads`.
///
/// numbers  n_rows x number.size(), those of a row together
/// codes    n_rows of each column in text
/// returns  none, with whatever in the others, if the file has another number
///          of rows or fields, a field that is no decimal number, a blank line
///          or, between blanks, an empty field: for a reader that tells why
[[nodiscard]] std::optional<std::vector<std::string>> read_plain_rows(
    const PlainRows& rows, double* numbers,
    const std::vector<std::int32_t*>& codes, int threads);

}  // namespace musl
