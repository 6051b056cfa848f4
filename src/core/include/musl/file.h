#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// Writes to a temporary name beside `path`, syncs and renames: completely or
/// not at all. Keeps the permissions of a file that it replaces. Devices
/// such as /dev/null get the bytes as they are. FormatError with the system's
/// reason, also for pipes and folders.
void write_file(const std::string& path,
                const std::vector<std::uint8_t>& bytes);

/// Reads a whole regular file. FormatError for pipes, devices and folders, and
/// if the file shrinks meanwhile.
[[nodiscard]] std::vector<std::uint8_t> read_file(const std::string& path);
/// Whether `path` is a regular file, not a pipe, device or folder; follows
/// links.
[[nodiscard]] bool is_regular_file(const std::string& path);

/// Syncs a completely written file and renames it; FormatError with the
/// system's reason.
void publish_file(const std::string& temporary, const std::string& path);

}  // namespace musl
