#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"
#include "base/os.h"

namespace musl::test {

/// What a reader says of a file that it refuses; empty if it reads it.
template <class Read>
std::string refusal(const Read& read) {
  try {
    read();
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

/// A folder for one test. As those of users, its name has a blank and a letter
/// outside ASCII.
class Folder : public ::testing::Test {
 protected:
  Folder() { std::filesystem::create_directories(folder_); }
  ~Folder() override { std::filesystem::remove_all(folder_); }
  /// What is or may be there, for the standard library and for the core.
  [[nodiscard]] std::filesystem::path file(const std::string& name) const {
    return folder_ / name;
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return file(name).generic_u8string();
  }
  /// Writes a file; its path.
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
    return path(name);
  }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      std::filesystem::u8path("musl f\u00FCr " +
                              std::to_string(os::process_id()));
};

}  // namespace musl::test
