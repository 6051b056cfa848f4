#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "musl/text_file.h"

namespace musl {

/// A stream of bytes.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;
  /// Copies the next bytes, fewer than `n` only at the end.
  [[nodiscard]] virtual std::size_t read(char* out, std::size_t n) = 0;
};

constexpr std::size_t kFirstRead = std::size_t{1} << 12;

/// Appends the next bytes of a source to `text`, fewer than `most` only at its
/// end. Reserves `first` bytes, then doubles, so that a short text does not use
/// the memory of a long one.
template <class Source>
std::size_t read_more(Source* source, std::size_t most, std::string* text,
                      std::size_t first = kFirstRead) {
  std::size_t added = 0;
  for (std::size_t room = first; added < most; room *= 2) {
    const std::size_t n = std::min(room, most - added);
    const std::size_t size = text->size();
    text->resize(size + n);
    const std::size_t got = source->read(text->data() + size, n);
    text->resize(size + got);
    added += got;
    if (got < n) break;
  }
  return added;
}

/// Bytes already in memory.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : left_(bytes) {}
  [[nodiscard]] std::size_t read(char* out, std::size_t n) override;

 private:
  std::string_view left_;
};

/// How deflated bytes are wrapped, and their entry in a zip directory.
struct Deflated {
  std::string_view bytes;
  bool gzip = true;        // else raw, as in a zip
  std::int64_t size = -1;  // of the text; -1: unknown
  std::uint32_t crc = 0;   // of the text, if the size is known
};

/// Inflates; FormatError for damage, truncation and bombs.
[[nodiscard]] std::unique_ptr<ByteSource> inflate_source(
    const std::string& name, const Deflated& deflated,
    const TextLimits& limits);

/// The only member of a zip archive. FormatError for several or none, names
/// that lead out of their folder, encryption, unknown methods and damage.
[[nodiscard]] std::unique_ptr<ByteSource> zip_source(const std::string& name,
                                                     std::string_view bytes,
                                                     const TextLimits& limits);

/// Adds a character, given by its code point, to UTF-8 text.
void append_utf8(std::uint32_t point, std::string* out);

/// Encoding of a text, detected from its first bytes.
enum class Encoding { utf8, utf16_little, utf16_big };

struct TextForm {
  Encoding encoding = Encoding::utf8;
  std::size_t mark = 0;       // bytes of the byte order mark
  bool lone_returns = false;  // lines end in "\r" alone
};

/// Inspects the first bytes of a text; FormatError if it is not text.
[[nodiscard]] TextForm sniff_text(const std::string& name,
                                  std::string_view head);

/// Converts UTF-16 to UTF-8, and a lone "\r" to "\n".
[[nodiscard]] std::unique_ptr<ByteSource> decode_source(
    const std::string& name, std::unique_ptr<ByteSource> source,
    const TextForm& form);

}  // namespace musl
