#include "musl/file.h"

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/os.h"
#include "io/regular_file.h"
#include "musl/error.h"

namespace musl {

namespace {

namespace fs = std::filesystem;

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  return path + ".tmp-" + std::to_string(os::process_id()) + "-" +
         std::to_string(counter.fetch_add(1));
}

/// Makes a file, or replaces one, with the same permissions. A link is
/// replaced, too: what it leads to may be another's.
void replace_file(const std::string& path,
                  const std::vector<std::uint8_t>& bytes) {
  std::error_code ignored;
  const auto old = fs::symlink_status(fs::u8path(path), ignored);
  const bool replaces = fs::is_regular_file(old);
  const std::string name = temporary_name(path);
  const fs::path temporary = fs::u8path(name);
  std::optional<os::File> file(
      std::in_place, name, replaces ? os::Open::make_private : os::Open::make,
      path);
  try {
    // It fails where the file system has no permissions.
    if (replaces) fs::permissions(temporary, old.permissions(), ignored);
    file->write(bytes.data(), bytes.size());
    file->sync();
    file.reset();
    os::replace(name, path);
  } catch (...) {
    file.reset();
    fs::remove(temporary, ignored);
    throw;
  }
}

constexpr char kShorter[] = "it became shorter while it was read";

std::string kind_of(fs::file_type type) {
  if (type == fs::file_type::directory) return "it is a directory, not a file";
  if (type == fs::file_type::fifo) return "it is a pipe, no regular file";
  return "it is no regular file";
}

}  // namespace

// Allocates memory before changing the disk, so that running out of memory
// leaves no file behind.
void write_file(const std::string& path,
                const std::vector<std::uint8_t>& bytes) {
  std::error_code ignored;
  const auto now = fs::status(fs::u8path(path), ignored);
  if (fs::is_character_file(now)) {
    // A device such as /dev/null, whose name must not become a file's.
    os::File(path, os::Open::write).write(bytes.data(), bytes.size());
  } else if (fs::is_directory(now)) {
    os::refuse(path, os::Open::make, "Is a directory");
  } else if (fs::exists(now) && !fs::is_regular_file(now)) {
    os::refuse(path, os::Open::make, "It is a pipe or a device");
  } else {
    replace_file(path, bytes);
  }
}

void publish_file(const std::string& temporary, const std::string& path) {
  os::File(temporary, os::Open::write, path).sync();
  os::replace(temporary, path);
}

std::vector<std::uint8_t> read_file(const std::string& path) {
  const RegularFile file(path);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file.size()));
  file.read(0, file.size(), bytes.data());
  return bytes;
}

bool is_regular_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(fs::u8path(path), ignored);
}

RegularFile::RegularFile(const std::string& path)
    : file_(path, os::Open::read) {
  const auto found = file_.status();
  if (found.type != fs::file_type::regular) refuse(kind_of(found.type));
  size_ = found.size;
}

void RegularFile::read(std::uint64_t offset, std::uint64_t size,
                       void* out) const {
  auto* to = static_cast<char*>(out);
  while (size > 0) {
    const std::size_t n =
        file_.read(offset, static_cast<std::size_t>(size), to);
    if (n == 0) refuse(kShorter);
    to += n;
    offset += n;
    size -= n;
  }
}

struct LockFile::Lock {
  explicit Lock(const std::string& path) : file(path, os::Open::lock) {}

  os::File file;
  int maker = os::process_id();
};

LockFile::LockFile(std::string path) : path_(std::move(path)) {
  constexpr int kMostTries = 100;
  try {
    for (int i = 0; i < kMostTries; ++i) {
      lock_ = std::make_unique<Lock>(path_);
      is_ours_ = lock_->file.lock();
      // Another process may have removed it when its work was done.
      if (!is_ours_ || lock_->file.is_at(path_)) return;
    }
  } catch (const FormatError&) {
    lock_.reset();
  }
}

LockFile::~LockFile() {
  // A forked process has a copy of this object.
  if (lock_ && is_ours_ && lock_->maker == os::process_id() &&
      lock_->file.is_at(path_)) {
    std::error_code ignored;
    fs::remove(fs::u8path(path_), ignored);
  }
}

}  // namespace musl
