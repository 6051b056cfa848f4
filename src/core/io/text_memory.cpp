#include "io/text_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>

#include "musl/error.h"

namespace musl {

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw FormatError("Can't read \"" + path + "\": " + why + ".");
}

/// Closes at the end of its scope; a mapping lives on without it.
struct OpenFile {
  int fd;
  explicit OpenFile(const std::string& path)
      : fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd < 0) refuse(path, std::strerror(errno));
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { ::close(fd); }
};

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  const OpenFile file(path);
  struct stat info {};
  if (::fstat(file.fd, &info) != 0) refuse(path, std::strerror(errno));
  if (S_ISDIR(info.st_mode)) refuse(path, "it is a directory, not a file");
  if (!S_ISREG(info.st_mode)) refuse(path, "it is no regular file");
  size_ = static_cast<std::size_t>(info.st_size);
  if (size_ == 0) return;
  void* data = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (data == MAP_FAILED) refuse(path, std::strerror(errno));
  data_ = data;
  ::madvise(data_, size_, MADV_SEQUENTIAL);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

void PageBuffer::reserve(std::size_t n) {
  if (n <= capacity_) return;
  void* data = data_ == nullptr ? ::mmap(nullptr, n, PROT_READ | PROT_WRITE,
                                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                                : ::mremap(data_, capacity_, n, MREMAP_MAYMOVE);
  if (data == MAP_FAILED) throw std::bad_alloc();
  data_ = data;
  capacity_ = n;
}

PageBuffer::~PageBuffer() {
  if (data_ != nullptr) ::munmap(data_, capacity_);
}

}  // namespace musl
