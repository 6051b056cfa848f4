#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

namespace musl::test {

/// Deflated text; window bits as zlib counts them: 31 gzip, -15 raw.
inline std::string deflated(const std::string& text, int window) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string gzipped(const std::string& text) {
  return deflated(text, 15 + 16);
}

inline std::string little_endian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) {
    out.push_back(static_cast<char>(value >> (8 * i)));
  }
  return out;
}

struct ZipMember {
  std::string path, text;
  bool deflate = true;
};

/// A zip archive, written by the book (PKWARE's APPNOTE), without zlib's help
/// but for the deflating.
inline std::string zipped(const std::vector<ZipMember>& members) {
  std::string out, directory;
  for (const auto& member : members) {
    const std::string packed =
        member.deflate ? deflated(member.text, -15) : member.text;
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(member.text.data()),
              static_cast<uInt>(member.text.size())));
    const std::string common =
        little_endian(20, 2) + little_endian(0, 2) +
        little_endian(member.deflate ? 8 : 0, 2) + little_endian(0, 4) +
        little_endian(crc, 4) +
        little_endian(static_cast<std::uint32_t>(packed.size()), 4) +
        little_endian(static_cast<std::uint32_t>(member.text.size()), 4) +
        little_endian(static_cast<std::uint32_t>(member.path.size()), 2);
    directory +=
        "PK\1\2" + little_endian(20, 2) + common + little_endian(0, 2) +
        little_endian(0, 2) + little_endian(0, 2) + little_endian(0, 2) +
        little_endian(0, 4) +
        little_endian(static_cast<std::uint32_t>(out.size()), 4) + member.path;
    out += "PK\3\4" + common + little_endian(0, 2) + member.path + packed;
  }
  const auto n = static_cast<std::uint32_t>(members.size());
  return out + directory + "PK\5\6" + little_endian(0, 4) +
         little_endian(n, 2) + little_endian(n, 2) +
         little_endian(static_cast<std::uint32_t>(directory.size()), 4) +
         little_endian(static_cast<std::uint32_t>(out.size()), 4) +
         little_endian(0, 2);
}

}  // namespace musl::test
