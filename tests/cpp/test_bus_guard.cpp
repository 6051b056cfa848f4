#include <gtest/gtest.h>
#include <signal.h>

#include <vector>

#include "io/bus_guard.h"

namespace musl {
namespace {

void other_handler(int) {}

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
  }
  EXPECT_EQ(handler_now(), other_handler);
  ::sigaction(SIGBUS, &before, nullptr);
}

}  // namespace
}  // namespace musl
