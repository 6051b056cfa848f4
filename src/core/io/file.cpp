#include "io/file.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/os.h"
#include "io/regular_file.h"

namespace musl {

namespace {

/// The finaliser of SplitMix64: every input bit affects every output bit.
std::uint64_t avalanche(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::uint64_t load_word(const unsigned char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

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

}  // namespace

void ContentHash::mix(std::uint64_t word) {
  first_ = (first_ ^ word) * 0x9fb21c651e98df25ULL;
  first_ ^= first_ >> 32;
  second_ = (second_ + word) * 0xd6e8feb86659fd93ULL;
  second_ ^= second_ >> 29;
}

void ContentHash::update(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  while (size > 0) {
    const std::size_t filled = size_ % rest_.size();
    if (filled == 0 && size >= rest_.size()) {
      mix(load_word(bytes));
      bytes += rest_.size();
      size -= rest_.size();
      size_ += rest_.size();
      continue;
    }
    const std::size_t taken = std::min(size, rest_.size() - filled);
    std::memcpy(rest_.data() + filled, bytes, taken);
    bytes += taken;
    size -= taken;
    size_ += taken;
    if (size_ % rest_.size() == 0) mix(load_word(rest_.data()));
  }
}

void ContentHash::update_field(const std::string& text) {
  const std::uint64_t size = text.size();
  update(&size, sizeof(size));
  update(text);
}

std::string ContentHash::hex() const {
  ContentHash end = *this;
  const std::size_t filled = size_ % rest_.size();
  std::fill(end.rest_.begin() + static_cast<std::ptrdiff_t>(filled),
            end.rest_.end(), static_cast<unsigned char>(0));
  if (filled > 0) end.mix(load_word(end.rest_.data()));
  end.mix(size_);
  std::string out;
  for (const std::uint64_t lane :
       {avalanche(end.first_), avalanche(end.second_ ^ end.first_)}) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      out += "0123456789abcdef"[(lane >> shift) & 15U];
    }
  }
  return out;
}

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

LockFile::LockFile(const std::string& path) {
  try {
    file_ = std::make_unique<os::File>(path, os::Open::lock);
    is_ours_ = file_->lock();
  } catch (const FormatError&) {
    file_.reset();
  }
}

LockFile::~LockFile() = default;

}  // namespace musl
