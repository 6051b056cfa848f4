#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "io/archive_layout.h"
#include "musl/archive.h"

// Reading the header of an archive. Everything here throws FormatError.
namespace musl::archive {

/// A tensor that the header announces, at bytes `begin` to `end` of the data.
struct Announced {
  ArchiveTensor tensor;  // without bytes
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Length of the header in bytes, from the first 9 bytes of a file of `size`
/// bytes or more.
[[nodiscard]] std::uint64_t check_start(const std::uint8_t* start,
                                        std::uint64_t size);

/// The header, checked to be of MuSL and of a known version.
[[nodiscard]] nlohmann::json parse_header(const std::string& text);

/// The strings of a header, including the reserved ones.
[[nodiscard]] std::map<std::string, std::string> metadata_of(
    const nlohmann::json& header);

/// The tensors, which must fill `data_bytes` without overlaps or gaps.
[[nodiscard]] std::map<std::string, Announced> tensors_of(
    const nlohmann::json& header, std::uint64_t data_bytes);

/// Compares the checksum with that of the header.
void check_sum(const Checksum& sum, const std::string& found);

}  // namespace musl::archive
