#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/parallel.h"

namespace musl {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

TEST(Parallel, DoesEachItemOnce) {
  for (const int threads : {-1, 0, 1, 2, 7}) {
    for (const std::int64_t n : {0, 1, 2, 5, 1000}) {
      std::vector<std::atomic<int>> times(static_cast<std::size_t>(n));
      parallel_for(n, threads, [&](std::int64_t i) {
        ++times.at(static_cast<std::size_t>(i));
      });
      for (const auto& x : times) EXPECT_EQ(x, 1) << n << " " << threads;
    }
  }
  parallel_for(-1, 2, [](std::int64_t) { FAIL(); });
}

/// The number of threads on which n items run, each of which waits until so
/// many have begun.
std::size_t threads_of(std::int64_t n, int threads, int together,
                       milliseconds at_most = milliseconds(20000)) {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::atomic<int> here{0};
  parallel_for(n, threads, [&](std::int64_t) {
    {
      const std::lock_guard<std::mutex> lock(mutex);
      seen.insert(std::this_thread::get_id());
    }
    ++here;
    const auto end = Clock::now() + at_most;
    while (here < together && Clock::now() < end) std::this_thread::yield();
  });
  return seen.size();
}

TEST(Parallel, RunsOnAsManyThreadsAsAsked) {
  EXPECT_EQ(threads_of(3, 3, 3), 3u);
  EXPECT_EQ(threads_of(2, 8, 2), 2u);
  EXPECT_EQ(threads_of(50, 2, 3, milliseconds(100)), 2u);
  EXPECT_EQ(threads_of(50, 1, 1), 1u);
}

TEST(Parallel, ThrowsWhatAnItemThrewAndStartsNoOther) {
  for (const int threads : {1, 3}) {
    std::atomic<int> started{0};
    try {
      parallel_for(100000, threads, [&](std::int64_t i) {
        ++started;
        if (i == 5) throw std::runtime_error("item 5");
        std::this_thread::sleep_for(std::chrono::microseconds(100));
      });
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "item 5");
    }
    EXPECT_LT(started, threads == 1 ? 7 : 50000);
  }
}

TEST(Parallel, ThrowsWhatTheLowestItemThrew) {
  for (int round = 0; round < 20; ++round) {
    std::atomic<bool> thrown{false};
    const auto work = [&](std::int64_t i) {
      if (i == 3) {
        thrown = true;
        throw std::runtime_error("3");
      }
      if (i != 1) return;
      // The third item may fail first.
      const auto start = Clock::now();
      while (!thrown && Clock::now() - start < milliseconds(20)) {
        std::this_thread::yield();
      }
      throw std::runtime_error("1");
    };
    try {
      parallel_for(5, 3, work);
      FAIL() << "It threw nothing.";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "1");
    }
  }
}

TEST(Parallel, EndsWhereItsTickSaysSo) {
  int items = 0, ticks = 0;
  const auto work = [&](std::int64_t) {
    ++items;
    std::this_thread::sleep_for(milliseconds(20));
  };
  EXPECT_THROW(parallel_for(1000, 1, work, [&] { return ++ticks < 2; }),
               CancelledError);
  EXPECT_EQ(ticks, 2);
  EXPECT_LE(items, 11);  // no more than fit into 200 ms, and one
  EXPECT_THROW(parallel_for(1000, 1, work,
                            []() -> bool { throw std::logic_error("tick"); }),
               std::logic_error);
}

}  // namespace
}  // namespace musl
