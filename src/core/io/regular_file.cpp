#include "io/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "musl/error.h"

namespace musl {

namespace {

constexpr char kShorter[] = "it became shorter while it was read";

std::string kind_of(const struct stat& info) {
  if (S_ISDIR(info.st_mode)) return "it is a directory, not a file";
  if (S_ISFIFO(info.st_mode)) return "it is a pipe, no regular file";
  return "it is no regular file";
}

}  // namespace

// Opening a pipe would wait for a writer, hence O_NONBLOCK.
RegularFile::RegularFile(const std::string& path)
    : path_(path),
      fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (fd_ < 0) refuse(std::strerror(errno));
  struct stat info {};
  const bool known = ::fstat(fd_, &info) == 0;
  if (known && S_ISREG(info.st_mode)) {
    size_ = static_cast<std::uint64_t>(info.st_size);
    return;
  }
  const std::string why = known ? kind_of(info) : std::strerror(errno);
  ::close(fd_);
  refuse(why);
}

RegularFile::RegularFile(RegularFile&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_) {}

RegularFile::~RegularFile() {
  if (fd_ >= 0) ::close(fd_);
}

void RegularFile::read(std::uint64_t offset, std::uint64_t size,
                       void* out) const {
  auto* to = static_cast<char*>(out);
  while (size > 0) {
    const ssize_t n = ::pread(fd_, to, static_cast<std::size_t>(size),
                              static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) refuse(std::strerror(errno));
    if (n == 0) refuse(kShorter);
    to += n;
    offset += static_cast<std::uint64_t>(n);
    size -= static_cast<std::uint64_t>(n);
  }
}

void RegularFile::check_size() const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) refuse(std::strerror(errno));
  if (static_cast<std::uint64_t>(info.st_size) < size_) refuse(kShorter);
}

void RegularFile::refuse(const std::string& why) const {
  throw FormatError("Can't read \"" + path_ + "\": " + why + ".");
}

}  // namespace musl
