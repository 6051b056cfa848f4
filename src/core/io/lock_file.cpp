#include "musl/lock_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace musl {

namespace {

/// 0, or the errno of the failure.
int lock_whole(int fd) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  int failed = 0;
  do {
    failed = ::fcntl(fd, F_SETLK, &whole);
  } while (failed != 0 && errno == EINTR);
  return failed == 0 ? 0 : errno;
}

/// Whether `path` still names this open file, which another process may have
/// removed when its work was done.
bool still_names(const std::string& path, int fd) {
  struct stat named {};
  struct stat opened {};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(fd, &opened) == 0 &&
         named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

}  // namespace

LockFile::LockFile(std::string path)
    : path_(std::move(path)), maker_(static_cast<int>(::getpid())) {
  constexpr int kMostTries = 100;
  for (int i = 0; i < kMostTries; ++i) {
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd_ < 0) return;
    const int error = lock_whole(fd_);
    is_ours_ = error != EACCES && error != EAGAIN;
    if (!is_ours_ || error != 0 || still_names(path_, fd_)) return;
    ::close(fd_);
    fd_ = -1;
  }
}

LockFile::~LockFile() {
  if (fd_ < 0) return;
  // A forked process has a copy of this object.
  const bool is_maker = maker_ == static_cast<int>(::getpid());
  if (is_ours_ && is_maker && still_names(path_, fd_)) {
    ::unlink(path_.c_str());
  }
  ::close(fd_);
}

}  // namespace musl
