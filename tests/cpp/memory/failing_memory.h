#pragma once

#include <array>
#include <cstdint>

// Memory that runs out where a test says. The program that links this has its
// operator new, and the malloc() and posix_memalign() that Eigen and LibTorch
// call, counted by it.
namespace musl::test {

enum class Shortage { one, lasting };

/// Blocks that were taken and not given back.
[[nodiscard]] std::int64_t live_blocks();

/// Refusals that were not made since they were to hit a destructor of json.
[[nodiscard]] std::int64_t n_spared();

/// Return addresses of who asked for the block that was refused first since
/// start_counting(), the innermost first.
struct Asker {
  std::array<void*, 64> frames{};
  int n = 0;
};
[[nodiscard]] const Asker& first_refusal();

/// Called with each block that is taken, and that is given back; null: none.
void watch_blocks(void (*taken)(void*), void (*given)(void*));

/// From now on allocations are counted, in all threads, and the k-th (from 1;
/// 0: none) is refused: by std::bad_alloc, or by malloc() with a null pointer.
/// When the shortage lasts, all that follow are refused too.
void start_counting(std::int64_t k, Shortage shortage);
/// Ends that; how many were counted.
std::int64_t stop_counting();

}  // namespace musl::test
