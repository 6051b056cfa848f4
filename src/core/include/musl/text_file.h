#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace musl {

/// What a compressed file may unfold to before it is taken for a bomb.
struct TextLimits {
  std::int64_t max_bytes = std::int64_t{16} << 30;  // of text
  /// Text per compressed byte; counts from `free_bytes` of text on, since a
  /// matrix of zeros shrinks as far as a bomb does.
  std::int64_t max_ratio = 200;
  std::int64_t free_bytes = std::int64_t{256} << 20;
};

/// A text file as UTF-8 with "\n" or "\r\n" at the end of lines.
///
/// Knows by content: plain text (mapped into memory, not copied), gzip (several
/// members too), zip with one member, UTF-8 with a byte order mark, UTF-16 of
/// both orders, and lines that end in "\r" alone. FormatError with the reason
/// for everything that is no text: web pages, spreadsheets, archives of several
/// files, damaged or truncated compression, bombs.
///
/// A file is read once, front to back, by read() or as a whole(). Not for use
/// by two threads at once.
class TextFile {
 public:
  explicit TextFile(const std::string& path, const TextLimits& limits = {});
  /// Bytes instead of a file, called `name` in messages.
  TextFile(std::string name, std::string bytes, const TextLimits& limits = {});
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  ~TextFile();

  static constexpr std::size_t kHeadBytes = 1 << 16;

  /// What messages call the file: its path.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// The first bytes, `most` of them where there are as many; reading starts
  /// before them all the same. Not after read(); valid until the next call.
  [[nodiscard]] std::string_view head(std::size_t most = kHeadBytes) const;
  /// Copies the next bytes, fewer than `n` at the end alone.
  [[nodiscard]] std::size_t read(char* out, std::size_t n);
  /// All text; valid as long as this object. Not after read().
  [[nodiscard]] std::string_view whole();
  /// FormatError if the file became shorter since it was opened, so that what
  /// was seen of whole() is not what stood there. read() calls it by itself.
  void check_size() const;
  /// Tells the system that the pages of a part of whole() are not needed for
  /// now; reading them again is allowed.
  void release(std::string_view part) const;

 private:
  struct State;
  void start(std::string_view bytes, const TextLimits& limits);

  std::string name_;
  std::unique_ptr<State> state_;
};

/// The lines of a text file that are not blank, without blanks around them.
[[nodiscard]] std::vector<std::string> read_lines(const std::string& path);

/// Ends in a FormatError that names file, line and column (1-based; 0 leaves
/// them out), says what is wrong and, on a line of its own, what to do.
[[noreturn]] void refuse_text(const std::string& file, std::int64_t line,
                              const std::string& column,
                              const std::string& what,
                              const std::string& remedy);

/// Whether the bytes are UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

/// The text itself, or, if it is no UTF-8, its bytes read as Latin-1.
[[nodiscard]] std::string to_utf8(std::string_view text);

/// The same for a field of a file: FormatError for a zero byte, which no string
/// of R can hold.
[[nodiscard]] std::string field_utf8(std::string_view field,
                                     const std::string& file,
                                     std::int64_t line);

/// A field as messages show it: at most 40 bytes, quoted, control bytes as "?".
[[nodiscard]] std::string show_field(std::string_view field);

}  // namespace musl
