#include "io/regular_file.h"

#include <filesystem>
#include <string>

#include "base/os.h"

namespace musl {

namespace {

namespace fs = std::filesystem;

constexpr char kShorter[] = "it became shorter while it was read";

std::string kind_of(fs::file_type type) {
  if (type == fs::file_type::directory) return "it is a directory, not a file";
  if (type == fs::file_type::fifo) return "it is a pipe, no regular file";
  return "it is no regular file";
}

}  // namespace

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

}  // namespace musl
