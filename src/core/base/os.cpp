#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>
#ifdef __linux__
#include <sched.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/error.h"
#include "base/os.h"

namespace musl {

int available_threads() {
#ifdef __linux__
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) {
    return std::max(1, CPU_COUNT(&set));
  }
#endif
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void return_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

namespace os {

namespace {

namespace fs = std::filesystem;

/// In the order of Open.
constexpr int kFlags[] = {O_RDONLY | O_NONBLOCK, O_WRONLY,
                          O_WRONLY | O_CREAT | O_EXCL,
                          O_WRONLY | O_CREAT | O_EXCL, O_RDWR | O_CREAT};

/// Calls again what a signal has interrupted.
template <class Call>
auto repeated(const Call& call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

[[noreturn]] void fail(const File& file) { file.refuse(std::strerror(errno)); }

int number(std::intptr_t handle) { return static_cast<int>(handle); }

/// fsync() of macOS leaves the bytes in the drive's cache. F_FULLFSYNC does
/// not, but some file systems lack it.
int sync_bytes(int file) {
#ifdef F_FULLFSYNC
  if (::fcntl(file, F_FULLFSYNC) == 0) return 0;
#endif
  return ::fsync(file);
}

/// The name of a new file must also survive a crash. Some file systems can't
/// sync a directory; there only the renaming is possible.
void sync_directory(const std::string& directory) {
  const int entries =
      ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (entries < 0) return;
  sync_bytes(entries);
  ::close(entries);
}

}  // namespace

File::File(const std::string& path, Open how, std::string name)
    : name_(std::move(name)), how_(how) {
  handle_ = ::open(path.c_str(), kFlags[static_cast<int>(how)] | O_CLOEXEC,
                   how == Open::make_private ? 0600 : 0666);
  if (handle_ < 0) fail(*this);
}

File::~File() {
  if (handle_ >= 0) ::close(number(handle_));
}

Status File::status() const {
  struct stat info {};
  if (::fstat(number(handle_), &info) != 0) fail(*this);
  Status found;
  found.size = static_cast<std::uint64_t>(info.st_size);
  if (S_ISREG(info.st_mode)) found.type = fs::file_type::regular;
  if (S_ISDIR(info.st_mode)) found.type = fs::file_type::directory;
  if (S_ISFIFO(info.st_mode)) found.type = fs::file_type::fifo;
  return found;
}

std::size_t File::read(std::uint64_t offset, std::size_t n, void* out) const {
  const ssize_t got = repeated([&] {
    return ::pread(number(handle_), out, n, static_cast<off_t>(offset));
  });
  if (got < 0) fail(*this);
  return static_cast<std::size_t>(got);
}

void File::write(const void* bytes, std::size_t n) const {
  for (std::size_t done = 0; done < n;) {
    const ssize_t written = repeated([&] {
      return ::write(number(handle_), static_cast<const char*>(bytes) + done,
                     n - done);
    });
    if (written < 0) fail(*this);
    done += static_cast<std::size_t>(written);
  }
}

void File::sync() const {
  if (sync_bytes(number(handle_)) != 0) fail(*this);
}

bool File::lock() const {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  const int failed =
      repeated([&] { return ::fcntl(number(handle_), F_SETLK, &whole); });
  // Not every file system has locks.
  return failed == 0 || (errno != EACCES && errno != EAGAIN);
}

void replace(const std::string& file, const std::string& path) {
  const std::string directory = fs::path(path).parent_path().string();
  if (::rename(file.c_str(), path.c_str()) != 0) {
    refuse(path, Open::make, std::strerror(errno));
  }
  sync_directory(directory.empty() ? "." : directory);
}

int process_id() { return static_cast<int>(::getpid()); }

void* load_function(const std::string& path, const char* name,
                    std::string* reason) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* found = library != nullptr ? ::dlsym(library, name) : nullptr;
  const char* why = found == nullptr ? ::dlerror() : nullptr;
  if (why != nullptr) *reason = why;
  return found;
}

void* find_function(const char* library, const char* name) {
  if (library == nullptr) return ::dlsym(RTLD_DEFAULT, name);
  void* loaded = ::dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
  return loaded != nullptr ? ::dlsym(loaded, name) : nullptr;
}

}  // namespace os
}  // namespace musl
