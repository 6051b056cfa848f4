#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "base/error.h"

/// What an operating system does; no other file names a system. Paths are
/// whatever bytes the file system has.
namespace musl::os {

enum class Open {
  read,          // without waiting for the writer of a pipe
  write,         // what is there, such as a device
  make,          // a file that must not exist
  make_private,  // the same, for this user alone
  lock           // made if need be
};

struct Status {
  std::filesystem::file_type type = std::filesystem::file_type::unknown;
  std::uint64_t size = 0;
};

[[noreturn]] inline void refuse(const std::string& name, Open how,
                                const std::string& why) {
  const std::string what = how == Open::read ? "read" : "write";
  throw FormatError("Can't " + what + " \"" + name + "\": " + why + ".");
}

/// An open file, closed at the end of its scope. Each failure is a FormatError
/// with its name and the system's reason.
class File {
 public:
  File(const std::string& path, Open how) : File(path, how, path) {}
  File(const std::string& path, Open how, std::string name);
  File(File&& other) noexcept
      : name_(std::move(other.name_)),
        how_(other.how_),
        handle_(std::exchange(other.handle_, -1)) {}
  File& operator=(File&&) = delete;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  [[nodiscard]] Status status() const;
  /// Copies up to `n` bytes from `offset`; 0 at the end.
  [[nodiscard]] std::size_t read(std::uint64_t offset, std::size_t n,
                                 void* out) const;
  /// All bytes.
  void write(const void* bytes, std::size_t n) const;
  /// To the disk.
  void sync() const;
  /// Locks it for this process, or says that another has it.
  [[nodiscard]] bool lock() const;
  [[noreturn]] void refuse(const std::string& why) const {
    os::refuse(name_, how_, why);
  }

 private:
  std::string name_;
  Open how_;
  std::intptr_t handle_;
};

/// Puts a file, whose bytes are on the disk, in the place of another, also on
/// the disk; FormatError.
void replace(const std::string& file, const std::string& path);

/// A forked child has another, and its copy of every object.
[[nodiscard]] int process_id();

/// A function of the library at `path`, which stays loaded; null, with a
/// reason.
[[nodiscard]] void* load_function(const std::string& path, const char* name,
                                  std::string* reason);

/// A function of a library that is loaded (null: of any); null without it.
[[nodiscard]] void* find_function(const char* library, const char* name);

}  // namespace musl::os

namespace musl {

/// Number of hardware threads this process may use, at least 1.
[[nodiscard]] int available_threads();

/// Gives freed memory that the C library keeps for itself back to the system,
/// where that is glibc.
void return_memory();

}  // namespace musl
