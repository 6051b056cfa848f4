#include <zlib.h>

#include <algorithm>
#include <vector>

#include "io/text_source.h"
#include "musl/error.h"

namespace musl {

namespace {

constexpr std::size_t kEndSize = 22;    // of the end record
constexpr std::size_t kEntrySize = 46;  // of a directory entry
constexpr std::size_t kLocalSize = 30;  // of a member's own header
constexpr std::size_t kMaxComment = 65535;
constexpr std::uint32_t kZip64 = 0xffffffffu;

[[noreturn]] void refuse_zip(
    const std::string& name, const std::string& what,
    const std::string& remedy = "Download or copy the file again.") {
  refuse_text(name, 0, "", what, remedy);
}

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t n) {
  std::uint32_t value = 0;
  for (std::size_t i = n; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

/// One file of the archive, from its directory entry.
struct Member {
  std::string path;
  std::uint32_t flags, method, crc, packed, size, offset;
};

/// Position of the end record of a zip file.
std::size_t find_end(const std::string& name, std::string_view bytes) {
  if (bytes.size() < kEndSize) refuse_zip(name, "its zip archive is truncated");
  const std::size_t last = bytes.size() - kEndSize;
  const std::size_t first = last > kMaxComment ? last - kMaxComment : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (bytes.substr(at, 4) == std::string_view("PK\5\6", 4)) return at;
  }
  refuse_zip(name, "its zip archive is truncated: it has no directory");
}

std::vector<Member> read_directory(const std::string& name,
                                   std::string_view bytes) {
  const std::size_t end = find_end(name, bytes);
  const std::uint32_t count = number(bytes, end + 10, 2);
  std::size_t at = number(bytes, end + 16, 4);
  std::vector<Member> members;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (at > end || end - at < kEntrySize ||
        bytes.substr(at, 4) != std::string_view("PK\1\2", 4)) {
      refuse_zip(name, "the directory of its zip archive is damaged");
    }
    const std::size_t path = number(bytes, at + 28, 2);
    const std::size_t rest =
        number(bytes, at + 30, 2) + number(bytes, at + 32, 2);
    if (end - at - kEntrySize < path + rest) {
      refuse_zip(name, "the directory of its zip archive is damaged");
    }
    members.push_back({std::string(bytes.substr(at + kEntrySize, path)),
                       number(bytes, at + 8, 2), number(bytes, at + 10, 2),
                       number(bytes, at + 16, 4), number(bytes, at + 20, 4),
                       number(bytes, at + 24, 4), number(bytes, at + 42, 4)});
    at += kEntrySize + path + rest;
  }
  return members;
}

bool leads_out(const std::string& path) {
  const std::string inner = "/" + path + "/";
  return path.front() == '/' || path.find('\\') != std::string::npos ||
         path.find(':') != std::string::npos ||
         inner.find("/../") != std::string::npos;
}

/// Folders and the shadow files of a Mac do not count.
bool is_content(const Member& member) {
  return !member.path.empty() && member.path.back() != '/' &&
         member.path.rfind("__MACOSX/", 0) != 0;
}

Member only_member(const std::string& name, std::string_view bytes) {
  std::vector<Member> members = read_directory(name, bytes);
  std::string list;
  for (const auto& member : members) {
    if (member.path.rfind("xl/", 0) == 0) {
      refuse_zip(name, "it is a spreadsheet (xlsx), not a text file",
                 "Save it as CSV.");
    }
    if (!member.path.empty() && leads_out(member.path)) {
      refuse_zip(name,
                 "its zip archive has the member " + show_field(member.path) +
                     ", which leads out of it",
                 "Don't trust this file.");
    }
  }
  members.erase(std::remove_if(members.begin(), members.end(),
                               [](const auto& m) { return !is_content(m); }),
                members.end());
  for (std::size_t i = 0; i < members.size() && i < 3; ++i) {
    list += (i == 0 ? "" : ", ") + show_field(members[i].path);
  }
  if (members.size() == 1) return members.front();
  refuse_zip(name,
             "its zip archive must have one file, not " +
                 std::to_string(members.size()) +
                 (list.empty() ? "" : ": " + list),
             "Unpack it and give the path of the file you mean.");
}

void check_member(const std::string& name, const Member& member) {
  if ((member.flags & 1u) != 0) {
    refuse_zip(name, "its zip archive is encrypted", "Unpack it first.");
  }
  if (member.method != 0 && member.method != 8) {
    refuse_zip(name,
               "its zip archive uses method " + std::to_string(member.method) +
                   ", not deflate",
               "Unpack it first.");
  }
  if (member.packed == kZip64 || member.size == kZip64 ||
      member.offset == kZip64) {
    refuse_zip(name, "its zip archive is of the 64-bit kind",
               "Unpack it first.");
  }
}

/// For a deflated member, inflating checks the same.
void check_stored(const std::string& name, const Member& member,
                  std::string_view bytes) {
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  const auto crc = static_cast<std::uint32_t>(::crc32_z(0, data, bytes.size()));
  if (member.size != member.packed || member.crc != crc) {
    refuse_zip(name, "its member does not have the size or checksum announced");
  }
}

}  // namespace

std::unique_ptr<ByteSource> zip_source(const std::string& name,
                                       std::string_view bytes,
                                       const TextLimits& limits) {
  const Member member = only_member(name, bytes);
  check_member(name, member);
  const std::size_t at = member.offset;
  if (at > bytes.size() || bytes.size() - at < kLocalSize ||
      bytes.substr(at, 4) != std::string_view("PK\3\4", 4)) {
    refuse_zip(name, "a member of its zip archive is damaged");
  }
  const std::size_t start =
      at + kLocalSize + number(bytes, at + 26, 2) + number(bytes, at + 28, 2);
  if (start > bytes.size() || bytes.size() - start < member.packed) {
    refuse_zip(name, "its zip archive is truncated");
  }
  const std::string_view packed = bytes.substr(start, member.packed);
  if (member.method == 0) {
    check_stored(name, member, packed);
    return std::make_unique<MemorySource>(packed);
  }
  return inflate_source(name, {packed, /*gzip=*/false, member.size, member.crc},
                        limits);
}

}  // namespace musl
