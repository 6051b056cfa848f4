#include "io/bus_guard.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

namespace musl {

namespace {

constexpr int kSlots = 64;

/// A range of addresses; free while `begin` is 0. Signal handlers must not use
/// locks.
struct MappedRange {
  std::atomic<std::uintptr_t> begin{0}, end{0};
};

std::array<MappedRange, kSlots> ranges;
struct sigaction before;  // the previous handler of SIGBUS
std::uintptr_t page_size = 0;
int n_guards = 0;
std::mutex changing;

bool is_guarded(std::uintptr_t address) {
  for (const MappedRange& range : ranges) {
    const std::uintptr_t begin = range.begin.load();
    if (begin != 0 && begin <= address && address < range.end.load()) {
      return true;
    }
  }
  return false;
}

/// Maps a page of zeros in place of one that the file no longer has. Wayland's
/// servers do the same for the buffers of their clients.
bool fill_page(void* address) {
  void* page = static_cast<char*>(address) -
               reinterpret_cast<std::uintptr_t>(address) % page_size;
  return ::mmap(page, page_size, PROT_READ,
                MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

void on_bus_error(int signal, siginfo_t* info, void* context) {
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  if (is_guarded(address) && fill_page(info->si_addr)) return;
  if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
    before.sa_handler(signal);
  } else {
    // The access runs again and ends the process as it would have.
    ::sigaction(SIGBUS, &before, nullptr);
  }
}

void install() {
  page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  struct sigaction ours {};
  ours.sa_sigaction = on_bus_error;
  ours.sa_flags = SA_SIGINFO | SA_RESTART;
  ::sigemptyset(&ours.sa_mask);
  ::sigaction(SIGBUS, &ours, &before);
}

/// Keeps the handler if another one was installed after it.
void uninstall() {
  struct sigaction now {};
  ::sigaction(SIGBUS, nullptr, &now);
  if ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == on_bus_error) {
    ::sigaction(SIGBUS, &before, nullptr);
  }
}

bool is_installed() {
  struct sigaction now {};
  ::sigaction(SIGBUS, nullptr, &now);
  return (now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == on_bus_error;
}

}  // namespace

BusGuard::BusGuard(void* data, std::size_t size) : slot_(-1) {
  const std::lock_guard<std::mutex> lock(changing);
  for (int i = 0; i < kSlots && slot_ < 0; ++i) {
    if (ranges[static_cast<std::size_t>(i)].begin.load() == 0) slot_ = i;
  }
  if (slot_ < 0) return;
  if (n_guards++ == 0 && !is_installed()) install();
  MappedRange& range = ranges[static_cast<std::size_t>(slot_)];
  const auto begin = reinterpret_cast<std::uintptr_t>(data);
  range.end = begin + size;
  range.begin = begin;
}

BusGuard::~BusGuard() {
  if (slot_ < 0) return;
  const std::lock_guard<std::mutex> lock(changing);
  ranges[static_cast<std::size_t>(slot_)].begin = 0;
  if (--n_guards == 0) uninstall();
}

}  // namespace musl
