#pragma once

#include <memory>
#include <string>

namespace musl {

/// A file by which processes agree that one of them alone works somewhere. The
/// lock ends with its process, however that ends, and forked processes do not
/// have it. The process must not open the file otherwise: closing it would end
/// the lock.
class LockFile {
 public:
  /// Makes the file if need be.
  explicit LockFile(std::string path);
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  /// Removes the file, if this process has the lock.
  ~LockFile();

  /// False if another process has the lock; true also where the file system has
  /// no locks or the file can't be made.
  [[nodiscard]] bool is_ours() const { return is_ours_; }

 private:
  struct Lock;

  std::string path_;
  std::unique_ptr<Lock> lock_;
  bool is_ours_ = true;
};

}  // namespace musl
