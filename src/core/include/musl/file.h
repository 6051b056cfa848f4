#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// Writes to a temporary name beside `path`, syncs and renames: whole or not at
/// all. FormatError with the system's reason.
void write_file(const std::string& path,
                const std::vector<std::uint8_t>& bytes);

/// The whole of a regular file. FormatError for pipes, devices and folders, and
/// where the file becomes shorter meanwhile.
[[nodiscard]] std::vector<std::uint8_t> read_file(const std::string& path);
/// Whether there is such a file: no pipe, device or folder; links are followed.
[[nodiscard]] bool is_regular_file(const std::string& path);

/// Syncs a file that is written whole and gives it its name; FormatError with
/// the system's reason.
void publish_file(const std::string& temporary, const std::string& path);

}  // namespace musl
