#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "../plan.h"

// Calls whose k-th allocation is refused, in processes of their own: LibTorch
// has functions that must not throw and do, which ends a process.
namespace musl::test {

/// What became of them.
struct Refusals {
  std::int64_t allocations = 0;  // of one call
  std::int64_t tried = 0;
  std::int64_t refused = 0;   // ended in an error that says memory ran out
  std::int64_t answered = 0;  // with the right answer all the same
  std::int64_t smaller = 0;   // with finite numbers, as by smaller chunks
  /// What must not be: another error or answer, the next call other than the
  /// first, memory that is kept, an end of the process.
  std::int64_t lost = 0, crashed = 0;
  std::vector<std::string> faults;
  /// The same in functions of others: the process ended, memory was kept.
  std::map<std::string, std::int64_t> ended_in, kept_by;
};

/// call  gives numbers, the same each time
[[nodiscard]] Refusals refuse_each(
    const std::function<std::vector<double>()>& call, const RefusalPlan& plan);

}  // namespace musl::test
