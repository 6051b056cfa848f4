#include "io/archive_layout.h"

#include <algorithm>
#include <limits>

#include "musl/error.h"

namespace musl::archive {

namespace {

constexpr std::size_t kAlignment = 8;

/// FNV-1a, continued.
std::uint64_t hashed(std::uint64_t hash, const std::uint8_t* data,
                     std::size_t size) {
  constexpr std::uint64_t kFactor = 0x100000001b3ULL;  // for 64 bits
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ data[i]) * kFactor;
  return hash;
}

std::string hexadecimal(std::uint64_t value) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) {
    out[i] = "0123456789abcdef"[value & 15];
  }
  return out;
}

}  // namespace

std::uint64_t header_length(const std::uint8_t* start) {
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | start[i];
  return length;
}

std::string padded(std::string header) {
  header.append((kAlignment - header.size() % kAlignment) % kAlignment, ' ');
  return header;
}

void put_header(const std::string& text, std::uint8_t* out) {
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    out[i] = static_cast<std::uint8_t>(text.size() >> (8 * i));
  }
  std::copy(text.begin(), text.end(), out + kLengthBytes);
}

const std::vector<std::string>& reserved_keys() {
  static const std::vector<std::string> keys = {"format", "format_version",
                                                kChecksumKey};
  return keys;
}

std::int64_t element_size(const std::string& dtype) {
  if (dtype == "F64" || dtype == "I64") return 8;
  if (dtype == "F32" || dtype == "I32") return 4;
  if (dtype == "F16") return 2;
  if (dtype == "U8") return 1;
  return 0;
}

std::int64_t element_count(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0) return -1;
    if (dimension > 0 &&
        count > std::numeric_limits<std::int64_t>::max() / 16 / dimension) {
      return -1;
    }
    count *= dimension;
  }
  return count;
}

std::string checksum(const std::string& unset_header, const std::uint8_t* data,
                     std::size_t size) {
  constexpr std::uint64_t kStart = 0xcbf29ce484222325ULL;
  const auto* text = reinterpret_cast<const std::uint8_t*>(unset_header.data());
  return hexadecimal(
      hashed(hashed(kStart, text, unset_header.size()), data, size));
}

std::size_t find_checksum(const std::string& header) {
  const std::string field = "\"" + std::string(kChecksumKey) + "\":\"";
  const std::size_t at = header.find(field);
  if (at == std::string::npos ||
      at + field.size() + sizeof(kUnset) > header.size() ||
      header.find(field, at + 1) != std::string::npos) {
    throw FormatError("The archive must hold one checksum; it is damaged.");
  }
  return at + field.size();
}

}  // namespace musl::archive
