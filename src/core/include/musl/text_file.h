#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace musl {

/// Limits on the decompressed size, against decompression bombs.
struct TextLimits {
  std::int64_t max_bytes = std::int64_t{16} << 30;  // of text
  /// Text per compressed byte; applies above `free_bytes` of text, since a
  /// matrix of zeros compresses as well as a bomb.
  std::int64_t max_ratio = 200;
  std::int64_t free_bytes = std::int64_t{256} << 20;
};

/// A text file as UTF-8 with "\n" or "\r\n" at the end of lines.
///
/// Detects by content: plain text (mapped into memory, not copied), gzip (also
/// of several members), zip with one member, UTF-8 with a byte order mark,
/// UTF-16 of both byte orders, and lines that end in "\r" alone. FormatError
/// with the reason for everything that is not text: web pages, spreadsheets,
/// archives of several files, damaged or truncated compression, bombs.
///
/// A file is read once, front to back, by read() or whole(). Not thread-safe.
class TextFile {
 public:
  explicit TextFile(const std::string& path, const TextLimits& limits = {});
  /// Bytes instead of a file, called `name` in messages.
  TextFile(std::string name, std::string bytes, const TextLimits& limits = {});
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  ~TextFile();

  static constexpr std::size_t kHeadBytes = 1 << 16;

  /// Whether the bytes of the file are its text, perhaps after a mark.
  [[nodiscard]] bool is_plain() const;
  /// Name of the file in messages: its path.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// The first bytes, at most `most`; does not consume them. Not after read();
  /// valid until the next call.
  [[nodiscard]] std::string_view head(std::size_t most = kHeadBytes) const;
  /// Copies the next bytes, fewer than `n` only at the end.
  [[nodiscard]] std::size_t read(char* out, std::size_t n);
  /// All text; valid for the lifetime of this object. Not after read().
  [[nodiscard]] std::string_view whole();
  /// FormatError if the file has shrunk since it was opened, so that text read
  /// through whole() may be wrong. read() calls this function.
  void check_size() const;
  /// Tells the system that the pages of a part of whole() are not needed for
  /// now; they can be read again.
  void release(std::string_view part) const;

 private:
  class Buffer;
  struct State;
  void start(std::string_view bytes, const TextLimits& limits);

  std::string name_;
  std::unique_ptr<State> state_;
};

/// Writes all text to a new file at `path`. FormatError if that has no room.
void write_text(TextFile* file, const std::string& path);

/// The non-blank lines of a text file, without surrounding blanks.
[[nodiscard]] std::vector<std::string> read_lines(const std::string& path);

/// Throws a FormatError that names file, line (1-based; 0 leaves it out) and
/// column (may be empty), says what is wrong and, on a separate line, what to
/// do.
[[noreturn]] void refuse_text(const std::string& file, std::int64_t line,
                              const std::string& column,
                              const std::string& what,
                              const std::string& remedy);

/// Letters of ASCII in lower case, whatever the locale.
[[nodiscard]] constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether the bytes are UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

/// The text, or, if it is not UTF-8, its bytes read as Latin-1.
[[nodiscard]] std::string to_utf8(std::string_view text);

/// The same for a field of a file: FormatError for a zero byte, which R strings
/// cannot contain.
[[nodiscard]] std::string field_utf8(std::string_view field,
                                     const std::string& file,
                                     std::int64_t line);

/// A field as messages show it: at most 40 bytes, quoted, control bytes as "?".
[[nodiscard]] std::string show_field(std::string_view field);

}  // namespace musl
