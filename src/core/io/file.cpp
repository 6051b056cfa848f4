#include "musl/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "io/regular_file.h"
#include "musl/error.h"

namespace musl {

namespace {

[[noreturn]] void refuse_write(const std::string& path,
                               const std::string& why) {
  throw FormatError("Can't write \"" + path + "\": " + why + ".");
}

[[noreturn]] void refuse_write(const std::string& path, int error) {
  refuse_write(path, std::strerror(error));
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

/// The new name must also survive a crash. Some file systems can't sync a
/// directory; there only the rename is possible.
void sync_directory(const std::string& directory) {
  const Descriptor entries(
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (entries.get() >= 0) ::fsync(entries.get());
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
  return 0;
}

/// For a device such as /dev/null, whose name must not become a file's.
void write_to_device(const std::string& path,
                     const std::vector<std::uint8_t>& bytes) {
  const Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (device.get() < 0) refuse_write(path, errno);
  if (const int error = write_all(device.get(), bytes)) {
    refuse_write(path, error);
  }
}

/// The permissions of the file that `path` names, none for a link or no file.
std::optional<mode_t> permissions_of(const std::string& path) {
  struct stat info {};
  const bool is_file =
      ::lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
  return is_file ? std::optional<mode_t>(info.st_mode & 0777) : std::nullopt;
}

/// Makes a file, or replaces one, with the same permissions. A link is
/// replaced, too: what it leads to may be another's.
void replace_file(const std::string& path,
                  const std::vector<std::uint8_t>& bytes) {
  const std::string directory = directory_of(path);
  const auto permissions = permissions_of(path);
  Temporary temporary(temporary_name(path));
  const Descriptor file(::open(temporary.path(),
                               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                               permissions ? 0600 : 0666));
  if (file.get() < 0) refuse_write(path, errno);
  temporary.made();
  // It fails where the file system has no permissions.
  if (permissions) ::fchmod(file.get(), *permissions);
  if (const int error = write_all(file.get(), bytes)) {
    refuse_write(path, error);
  }
  if (::fsync(file.get()) != 0) refuse_write(path, errno);
  if (::rename(temporary.path(), path.c_str()) != 0) refuse_write(path, errno);
  temporary.kept();
  sync_directory(directory);
}

}  // namespace

// Allocates memory before changing the disk, so that running out of memory
// leaves no file behind.
void write_file(const std::string& path,
                const std::vector<std::uint8_t>& bytes) {
  struct stat info {};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  if (exists && S_ISCHR(info.st_mode)) {
    write_to_device(path, bytes);
  } else if (exists && S_ISDIR(info.st_mode)) {
    refuse_write(path, EISDIR);
  } else if (exists && !S_ISREG(info.st_mode)) {
    refuse_write(path, "It is a pipe or a device");
  } else {
    replace_file(path, bytes);
  }
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
