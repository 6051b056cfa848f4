#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// How filters rearrange the bytes of numbers; `back` undoes it.
namespace musl::archive {

using Bytes = std::vector<std::uint8_t>;

/// First bytes of all elements of `width` bytes, then their second ones, ...
[[nodiscard]] Bytes by_planes(const Bytes& bytes, std::size_t width, bool back);

/// Elements of 4 or 8 bytes as integers, each less the previous one, modulo
/// wrap-around.
[[nodiscard]] Bytes differences_of(const Bytes& bytes, std::size_t width,
                                   bool back);

/// Elements of 4 or 8 bytes as places in a list of the distinct ones: the list,
/// ascending as integers and filled up with its last one to 65536 numbers or as
/// many as there are elements, as differences and planes; then the places as
/// planes of 16 bits. Empty if there are more distinct ones than a quarter of
/// the elements or 65536.
[[nodiscard]] Bytes listed_values(const Bytes& bytes, std::size_t width);
/// Its size for `count` elements.
[[nodiscard]] std::int64_t listed_size(std::int64_t count, std::int64_t width);
/// Inverse; FormatError for a place beyond the list.
[[nodiscard]] Bytes values_listed(const Bytes& bytes, std::size_t width);

}  // namespace musl::archive
