#include "musl/process.h"

#ifdef __linux__
#include <sys/prctl.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif
#ifndef _WIN32
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#endif

#include <string>

#include "musl/error.h"

namespace musl {

#ifndef _WIN32
namespace {

[[noreturn]] void throw_refused(const char* what) {
  throw DeviceError(std::string(what) + ": " + std::strerror(errno) + ".");
}

}  // namespace
#endif

void die_with(int parent) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before this request.
  if (getppid() != parent) raise(SIGKILL);
#else
  (void)parent;
#endif
}

#ifdef _WIN32

int fork_process() { throw DeviceError("Windows can't fork a process."); }
bool has_ended(int) { return true; }
Pipe open_pipe() { return {}; }
void close_end(int) {}
void send_bytes(int, const std::uint8_t*, std::size_t) {}
bool receive_bytes(int, int, std::vector<std::uint8_t>*) { return false; }

#else

int fork_process() {
  const auto process = fork();
  if (process < 0) throw_refused("The system forks no process");
  return process;
}

bool has_ended(int process) {
  const auto found = waitpid(process, nullptr, WNOHANG);
  return found == process || (found < 0 && errno == ECHILD);
}

Pipe open_pipe() {
  int ends[2];
  if (pipe(ends) != 0) {
    throw_refused("The system gives no pipe");
  }
  for (const int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
  return {ends[0], ends[1]};
}

void close_end(int end) { close(end); }

void send_bytes(int end, const std::uint8_t* bytes, std::size_t n) {
  std::size_t sent = 0;
  while (sent < n) {
    const auto wrote = write(end, bytes + sent, n - sent);
    if (wrote >= 0) {
      sent += static_cast<std::size_t>(wrote);
    } else if (errno != EINTR) {
      throw_refused("Nobody receives what a process sent");
    }
  }
}

bool receive_bytes(int end, int wait, std::vector<std::uint8_t>* bytes) {
  constexpr std::size_t kMost = std::size_t{1} << 20;
  pollfd asked{end, POLLIN, 0};
  if (poll(&asked, 1, wait) <= 0) return true;  // nothing yet, or a signal
  const std::size_t n = bytes->size();
  bytes->resize(n + kMost);
  const auto got = read(end, bytes->data() + n, kMost);
  const bool is_signal = got < 0 && errno == EINTR;
  bytes->resize(n + static_cast<std::size_t>(got > 0 ? got : 0));
  return got > 0 || is_signal;
}

#endif

void return_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace musl
