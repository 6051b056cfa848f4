#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "io/bus_guard.h"

namespace musl {
namespace {

void other_handler(int) {}
void leave_with_seven(int) { ::_exit(7); }

void set_handler(void (*handler)(int)) {
  struct sigaction theirs {};
  theirs.sa_handler = handler;
  ::sigaction(SIGBUS, &theirs, nullptr);
}

/// A mapped page of a file that has lost it.
const volatile char* lost_page() {
  std::FILE* file = std::tmpfile();
  const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const int number = ::fileno(file);
  if (::ftruncate(number, static_cast<off_t>(size)) != 0) std::abort();
  void* page = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, number, 0);
  if (page == MAP_FAILED || ::ftruncate(number, 0) != 0) std::abort();
  return static_cast<const char*>(page);
}

char read_lost(bool guarded) {
  const volatile char* page = lost_page();
  char other = 0;
  const BusGuard guard(guarded ? const_cast<char*>(page) : &other, 1);
  return *page;
}

auto handler_now() {
  struct sigaction now {};
  ::sigaction(SIGBUS, nullptr, &now);
  return now.sa_handler;
}

TEST(BusGuard, TheSignalIsTheSessionsAgainAfterTheLastOne) {
  struct sigaction theirs {
  }, before{};
  theirs.sa_handler = other_handler;
  ::sigaction(SIGBUS, &theirs, &before);
  std::vector<char> data(100);
  {
    const BusGuard one(data.data(), 50);
    EXPECT_NE(handler_now(), other_handler);
    { const BusGuard two(data.data() + 50, 50); }
    EXPECT_NE(handler_now(), other_handler);
  }
  EXPECT_EQ(handler_now(), other_handler);
  ::sigaction(SIGBUS, &before, nullptr);
}

TEST(BusGuard, AHandlerThatCameLaterStays) {
  struct sigaction theirs {
  }, before{};
  theirs.sa_handler = other_handler;
  std::vector<char> data(100);
  ::sigaction(SIGBUS, nullptr, &before);
  {
    const BusGuard guard(data.data(), data.size());
    ::sigaction(SIGBUS, &theirs, nullptr);
    { const BusGuard second(data.data(), data.size()); }
    const BusGuard third(data.data(), data.size());
    EXPECT_EQ(handler_now(), other_handler);
  }
  EXPECT_EQ(handler_now(), other_handler);
  ::sigaction(SIGBUS, &before, nullptr);
}

TEST(BusGuard, ReadsZerosWhereTheFileWasCutAndNothingElse) {
  EXPECT_EQ(read_lost(/*guarded=*/true), 0);
  EXPECT_EXIT(
      {
        set_handler(leave_with_seven);
        read_lost(/*guarded=*/false);
        ::_exit(0);
      },
      testing::ExitedWithCode(7), "");
  for (auto* handler : {SIG_DFL, SIG_IGN}) {
    EXPECT_EXIT(
        {
          set_handler(handler);
          read_lost(/*guarded=*/false);
          ::_exit(0);
        },
        testing::KilledBySignal(SIGBUS), "");
  }
}

}  // namespace
}  // namespace musl
