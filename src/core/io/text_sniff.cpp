#include <algorithm>
#include <array>
#include <string>

#include "io/text_source.h"
#include "musl/error.h"

namespace musl {

namespace {

/// Files that are not text, by their first bytes.
struct Magic {
  std::string_view bytes;
  const char* what;
  const char* remedy;
};

using namespace std::string_view_literals;

constexpr std::array<Magic, 12> kMagic{{
    {"\x89HDF"sv, "it is an HDF5 file, not a text file",
     "Is it meant for another reader, such as read_embeddings()?"},
    {"\x93NUMPY"sv, "it is a NumPy array, not a text file",
     "Convert it as ?read_embeddings shows."},
    {"PK\3\4"sv, "it is compressed twice", "Unpack it once."},
    {"\x1f\x8b"sv, "it is compressed twice", "Unpack it once."},
    {"BZh"sv, "it is compressed by bzip2", "Unpack it first: bunzip2 FILE."},
    {"\xfd"
     "7zXZ"sv,
     "it is compressed by xz", "Unpack it first: unxz FILE."},
    {"\x28\xb5\x2f\xfd"sv, "it is compressed by zstd",
     "Unpack it first: unzstd FILE."},
    {"%PDF"sv, "it is a PDF document, not a table",
     "Download the table itself."},
    {"PAR1"sv, "it is a Parquet file, not a text file", "Save it as CSV."},
    {"SQLite format 3"sv, "it is an SQLite database, not a text file",
     "Export the table as CSV."},
    {"\xd0\xcf\x11\xe0"sv, "it is a spreadsheet (xls), not a text file",
     "Save it as CSV."},
    {"version https://git-lfs"sv,
     "it is a pointer to a large file, not the file itself",
     "Fetch it: git lfs pull."},
}};

bool starts(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

bool is_web_page(std::string_view head) {
  const auto first = std::find_if_not(head.begin(), head.end(), [](char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  });
  std::string tag(first, first + std::min<std::ptrdiff_t>(
                                     16, std::distance(first, head.end())));
  std::transform(tag.begin(), tag.end(), tag.begin(), ascii_lower);
  return starts(tag, "<!doctype") || starts(tag, "<html") ||
         starts(tag, "<?xml") || starts(tag, "<head") || starts(tag, "<body");
}

void check_text(const std::string& name, std::string_view head) {
  for (const auto& magic : kMagic) {
    if (starts(head, magic.bytes)) {
      refuse_text(name, 0, "", magic.what, magic.remedy);
    }
  }
  if (is_web_page(head)) {
    refuse_text(name, 1, "", "it is a web page, not a table",
                "The download met a login or licence page: download the file "
                "in a browser.");
  }
}

void check_binary(const std::string& name, std::string_view head) {
  const std::size_t zero = head.find('\0');
  if (zero == std::string_view::npos) return;
  const auto line =
      1 + std::count(head.begin(),
                     head.begin() + static_cast<std::ptrdiff_t>(zero), '\n');
  refuse_text(name, line, "", "it has a zero byte, so it is no text",
              "Is it a binary file, or UTF-16 without a byte order mark? Save "
              "it as UTF-8.");
}

}  // namespace

TextForm sniff_text(const std::string& name, std::string_view head) {
  if (head.empty()) {
    refuse_text(name, 0, "", "it is empty", "Download or copy it again.");
  }
  TextForm form;
  if (starts(head, "\xef\xbb\xbf")) {
    form.mark = 3;
  } else if (starts(head, "\xff\xfe")) {
    form = {Encoding::utf16_little, 2, false};
  } else if (starts(head, "\xfe\xff")) {
    form = {Encoding::utf16_big, 2, false};
  }
  if (form.encoding != Encoding::utf8) return form;
  const std::string_view text = head.substr(form.mark);
  check_text(name, text);
  check_binary(name, text);
  // A "\r" at the very end may be the first half of a "\r\n".
  form.lone_returns = text.find('\r') < text.size() - 1 &&
                      text.find('\n') == std::string_view::npos;
  return form;
}

}  // namespace musl
