#include "io/text_memory.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <new>

namespace musl {

MappedFile::MappedFile(const std::string& path) : file_(path) {
  const auto size = static_cast<std::size_t>(file_->size());
  if (size == 0) return;
  void* data =
      ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file_->descriptor(), 0);
  if (data == MAP_FAILED) file_->refuse(std::strerror(errno));
  data_ = data;
  size_ = size;
  ::madvise(data_, size_, MADV_SEQUENTIAL);
}

void MappedFile::check_size() const {
  if (file_) file_->check_size();
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
