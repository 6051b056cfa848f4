#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "io/archive.h"

namespace musl {

/// Deterministic bytes: header names ascend; the data start 8-byte aligned,
/// wide elements first, so that each tensor is aligned to its element without
/// the gaps that safetensors forbids. InputError for strings that are not
/// UTF-8.
[[nodiscard]] std::vector<std::uint8_t> write_archive(const Archive& archive);

/// FormatError for any damage: header length, JSON, dtype, offsets that
/// overlap, leave gaps or overrun, checksum. The message names a newer format
/// version.
[[nodiscard]] Archive read_archive(const std::uint8_t* data, std::size_t size);

/// Parts of an archive: tensors and strings whose names begin with prefix i
/// are in part i + 1, the others in part 0.
[[nodiscard]] std::vector<Archive> split_archive(
    Archive archive, const std::vector<std::string>& prefixes);

}  // namespace musl
