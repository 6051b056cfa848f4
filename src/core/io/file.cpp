#include "musl/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>

#include "io/regular_file.h"
#include "musl/error.h"

namespace musl {

namespace {

[[noreturn]] void refuse_write(const std::string& path, int error) {
  throw FormatError("Can't write \"" + path + "\": " + std::strerror(error) +
                    ".");
}

/// A file descriptor, closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// Removes the temporary file at the end of its scope, between made() and
/// kept().
class Temporary {
 public:
  explicit Temporary(std::string path) : path_(std::move(path)) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (made_) ::unlink(path_.c_str());
  }
  [[nodiscard]] const char* path() const { return path_.c_str(); }
  void made() { made_ = true; }
  void kept() { made_ = false; }

 private:
  std::string path_;
  bool made_ = false;
};

std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  return path + ".tmp-" + std::to_string(::getpid()) + "-" +
         std::to_string(counter.fetch_add(1));
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// 0, or the errno of the failure.
int write_all(int fd, const std::vector<std::uint8_t>& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    done += static_cast<std::size_t>(n);
  }
  return ::fsync(fd) == 0 ? 0 : errno;
}

/// The new name must also survive a crash. Some file systems can't sync a
/// directory; there only the rename is possible.
void sync_directory(const std::string& directory) {
  const Descriptor entries(
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (entries.get() >= 0) ::fsync(entries.get());
}

}  // namespace

// Allocates memory before changing the disk, so that running out of memory
// leaves no file behind.
void write_file(const std::string& path,
                const std::vector<std::uint8_t>& bytes) {
  const std::string directory = directory_of(path);
  Temporary temporary(temporary_name(path));
  const Descriptor file(
      ::open(temporary.path(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) refuse_write(path, errno);
  temporary.made();
  if (const int error = write_all(file.get(), bytes)) {
    refuse_write(path, error);
  }
  if (::rename(temporary.path(), path.c_str()) != 0) refuse_write(path, errno);
  temporary.kept();
  sync_directory(directory);
}

void publish_file(const std::string& temporary, const std::string& path) {
  const std::string directory = directory_of(path);
  const Descriptor file(::open(temporary.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0 ||
      ::rename(temporary.c_str(), path.c_str()) != 0) {
    refuse_write(path, errno);
  }
  sync_directory(directory);
}

std::vector<std::uint8_t> read_file(const std::string& path) {
  const RegularFile file(path);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file.size()));
  file.read(0, file.size(), bytes.data());
  return bytes;
}

bool is_regular_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

}  // namespace musl
