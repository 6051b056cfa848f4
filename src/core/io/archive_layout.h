#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// What archives share with any safetensors file, and their types.
namespace musl::archive {

inline constexpr std::size_t kLengthBytes = 8;
inline constexpr std::uint64_t kMaxHeader =
    std::uint64_t{100} * 1000 * 1000;  // the format's
inline constexpr char kMetadata[] = "__metadata__";

/// The header length announced by the first kLengthBytes of a file.
[[nodiscard]] std::uint64_t header_length(const std::uint8_t* start);

/// Bytes of one element, 0 for an unknown type.
[[nodiscard]] std::int64_t element_size(const std::string& dtype);

/// Number of elements, or -1 for a negative dimension or an overflow.
[[nodiscard]] std::int64_t element_count(
    const std::vector<std::int64_t>& shape);

}  // namespace musl::archive
