#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// What writer and reader of archives must agree on.
namespace musl::archive {

inline constexpr std::size_t kLengthBytes = 8;
inline constexpr std::uint64_t kMaxHeader =
    std::uint64_t{100} * 1000 * 1000;  // the format's
inline constexpr char kMetadata[] = "__metadata__";
inline constexpr char kChecksumKey[] = "checksum";
/// Placeholder in the header while the checksum is computed.
inline constexpr char kUnset[] = "0000000000000000";

/// The header length announced by the first kLengthBytes of a file.
[[nodiscard]] std::uint64_t header_length(const std::uint8_t* start);

/// A header's text with trailing blanks, so that the data start 8-byte aligned.
[[nodiscard]] std::string padded(std::string header);

/// Writes a header and its length to `out`.
void put_header(const std::string& text, std::uint8_t* out);

/// Metadata keys reserved for the file.
[[nodiscard]] const std::vector<std::string>& reserved_keys();

/// Bytes of one element, 0 for an unknown type.
[[nodiscard]] std::int64_t element_size(const std::string& dtype);

/// Number of elements, or -1 for a negative dimension or an overflow.
[[nodiscard]] std::int64_t element_count(
    const std::vector<std::int64_t>& shape);

/// FNV-1a of the header, with its checksum field set to zeros, and of the data:
/// covers every byte of the file.
[[nodiscard]] std::string checksum(const std::string& unset_header,
                                   const std::uint8_t* data, std::size_t size);

/// Position of the checksum's digits in the header text. FormatError if they
/// are missing or repeated.
[[nodiscard]] std::size_t find_checksum(const std::string& header);

}  // namespace musl::archive
