#pragma once

#include <c10/util/Exception.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "base/error.h"

namespace musl::nn {

/// Whether the host or the device ran out of memory.
[[nodiscard]] bool is_out_of_memory(const std::exception& error);

/// Lowers `value` to `limit` at most; other threads may do the same.
void lower_to(std::int64_t limit, std::atomic<std::int64_t>* value);

/// Calls work(first, size) for parts of 0 .. n - 1, one after the other, each
/// of at most `*at_once`, which is halved where memory runs out; if one item
/// does not fit, the error is rethrown. LibTorch's allocator of device memory
/// has then released its cache.
///
/// together  halves that are larger than this are multiples of it
template <typename Work>
void in_parts(std::int64_t n, std::atomic<std::int64_t>* at_once, Work&& work,
              std::int64_t together = 1) {
  std::int64_t first = 0;
  while (first < n) {
    const std::int64_t size = std::min(at_once->load(), n - first);
    try {
      work(first, size);
    } catch (const std::exception& error) {
      if (!is_out_of_memory(error) || size <= 1) throw;
      const std::int64_t half = size / 2;
      lower_to(half > together ? half / together * together : half, at_once);
      continue;
    }
    first += size;
  }
}

/// Rethrows an exception of LibTorch or the standard library as one of the
/// core, without LibTorch's stack trace.
[[noreturn]] void rethrow_as_ours(const std::string& doing,
                                  const std::exception& error);

/// After a fork: the child has none of LibTorch's worker threads and would wait
/// for them forever, so it works on one. Not a handler of the fork, in which
/// OpenMP hangs on some systems.
void settle_in_process();

/// Calls `body`; every public function of core/nn runs inside one of these.
///
/// doing  the activity that failed, for the message: "Training"
template <typename Body>
auto at_boundary(const std::string& doing, Body&& body) {
  try {
    settle_in_process();
    return std::forward<Body>(body)();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    rethrow_as_ours(doing, error);
  }
}

}  // namespace musl::nn
