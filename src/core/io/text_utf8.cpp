#include <algorithm>

#include "io/text_source.h"
#include "musl/error.h"
#include "musl/text_file.h"

namespace musl {

namespace {

/// Bytes of the character with this first byte, 0 if invalid.
std::size_t length_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

/// Overlong forms, surrogates and code points beyond Unicode, by the second
/// byte.
bool is_odd_second(unsigned char lead, unsigned char second) {
  return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0) ||
         (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second >= 0x90);
}

}  // namespace

void append_utf8(std::uint32_t point, std::string* out) {
  const auto put = [out](std::uint32_t byte) {
    out->push_back(static_cast<char>(byte));
  };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6);
    put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3f));
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  }
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = length_by_lead(lead);
    if (length == 0 || length > text.size() - i) return false;
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0u) != 0x80u) return false;
      if (k == 1 && is_odd_second(lead, next)) return false;
    }
    i += length;
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string out;
  for (const char c : text) append_utf8(static_cast<unsigned char>(c), &out);
  return out;
}

std::string field_utf8(std::string_view field, const std::string& file,
                       std::int64_t line) {
  if (field.find('\0') != std::string_view::npos) {
    refuse_text(file, line, "", "a field has a zero byte, so it is no text",
                "Is the file binary or damaged? Download or copy it again.");
  }
  return to_utf8(field);
}

void refuse_text(const std::string& file, std::int64_t line,
                 const std::string& column, const std::string& what,
                 const std::string& remedy) {
  std::string where = "File \"" + file + "\"";
  if (line > 0) where += ", line " + std::to_string(line);
  if (!column.empty()) where += ", column " + column;
  throw FormatError(where + ": " + what + ".\n" + remedy);
}

std::string show_field(std::string_view field) {
  constexpr std::size_t kMost = 40;
  std::size_t end = std::min(field.size(), kMost);
  // A character of several bytes is not cut in two.
  while (end > 0 && end < field.size() &&
         (static_cast<unsigned char>(field[end]) & 0xc0u) == 0x80u) {
    --end;
  }
  std::string shown = to_utf8(field.substr(0, end));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = '?';
  }
  return "\"" + shown + (field.size() > end ? "..." : "") + "\"";
}

}  // namespace musl
