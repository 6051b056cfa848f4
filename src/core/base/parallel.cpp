#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/os.h"

namespace musl {

namespace {

using Clock = std::chrono::steady_clock;

/// Shared by the threads of one parallel_for.
struct Job {
  Job(std::int64_t items, const std::function<void(std::int64_t)>& item)
      : n(items), work(item) {}

  std::int64_t n;
  const std::function<void(std::int64_t)>& work;
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> stop{false};
  std::exception_ptr failure = nullptr;
  std::int64_t failed = 0;  // the item of `failure`
  std::mutex failure_mutex;

  /// Runs one item; false if none is left.
  bool run_one() {
    if (stop.load(std::memory_order_relaxed)) return false;
    const std::int64_t i = next.fetch_add(1, std::memory_order_relaxed);
    if (i >= n) return false;
    try {
      work(i);
    } catch (...) {
      // Items before this one run to their end: the lowest that fails is the
      // same in any order of threads.
      const std::lock_guard<std::mutex> lock(failure_mutex);
      if (!failure || i < failed) {
        failure = std::current_exception();
        failed = i;
      }
      stop = true;
    }
    return true;
  }
};

/// Threads that work on a job; as many as the system can start, since results
/// do not depend on their number. Without this class, a thread that cannot
/// start would end the program when those started before are destroyed.
class Helpers {
 public:
  Helpers(Job* job, int n) {
    try {
      threads_.reserve(static_cast<std::size_t>(n));
      for (int t = 0; t < n; ++t) {
        threads_.emplace_back([job] {
          while (job->run_one()) {
          }
        });
      }
    } catch (const std::bad_alloc&) {
    } catch (const std::system_error&) {  // the system's limit of threads
    }
  }
  Helpers(const Helpers&) = delete;
  Helpers& operator=(const Helpers&) = delete;
  ~Helpers() { join(); }

  void join() {
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace

void parallel_for(std::int64_t n, int threads,
                  const std::function<void(std::int64_t)>& work,
                  const std::function<bool()>& tick) {
  if (n <= 0) return;
  if (threads <= 0) threads = available_threads();
  threads = static_cast<int>(std::min<std::int64_t>(threads, n));

  Job job(n, work);
  Helpers helpers(&job, threads - 1);

  bool cancelled = false;
  std::exception_ptr tick_failure = nullptr;
  auto last_tick = Clock::now();
  while (job.run_one()) {
    if (!tick) continue;
    const auto now = Clock::now();
    if (now - last_tick < std::chrono::milliseconds(100)) continue;
    last_tick = now;
    try {
      cancelled = !tick();
    } catch (...) {
      tick_failure = std::current_exception();
      cancelled = true;
    }
    if (cancelled) job.stop = true;
  }
  helpers.join();
  if (tick_failure) std::rethrow_exception(tick_failure);
  if (job.failure) std::rethrow_exception(job.failure);
  if (cancelled) throw CancelledError("Interrupted.");
}

void parallel_blocks(
    std::int64_t n, std::int64_t size, int threads,
    const std::function<void(std::int64_t first, std::int64_t last)>& work,
    const std::function<bool()>& tick) {
  parallel_for((n + size - 1) / size, threads,
               [&](std::int64_t block) {
                 work(block * size, std::min(n, (block + 1) * size));
               },
               tick);
}

}  // namespace musl
