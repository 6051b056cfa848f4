#include "musl/lock_file.h"

#include "base/os.h"
#include "musl/error.h"

namespace musl {

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
    std::filesystem::remove(std::filesystem::u8path(path_), ignored);
  }
}

}  // namespace musl
