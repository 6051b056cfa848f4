#pragma once

#include <cstdint>
#include <functional>

namespace musl {

/// Calls `work(i)` for i in 0 .. n - 1 on up to `threads` threads (0: all).
///
/// The calling thread also works and calls `tick` between its items, at most
/// ten times a second; if `tick` returns false, no further item starts and
/// CancelledError is thrown. The exception of the lowest item is rethrown.
/// Threads exist only during a call, so that a fork between calls is safe.
/// Results must not depend on the order in which items run.
void parallel_for(std::int64_t n, int threads,
                  const std::function<void(std::int64_t)>& work,
                  const std::function<bool()>& tick = {});

/// The same in blocks of `size` items: calls `work(first, last)` for items
/// first .. last - 1.
void parallel_blocks(
    std::int64_t n, std::int64_t size, int threads,
    const std::function<void(std::int64_t first, std::int64_t last)>& work,
    const std::function<bool()>& tick = {});

}  // namespace musl
