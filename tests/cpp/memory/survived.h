#pragma once

#include <gtest/gtest.h>

#include <new>
#include <string>

#include "failing_memory.h"
#include "plan.h"

namespace musl::test {

constexpr std::int64_t kPlaces = 500;

inline Figures& core_figures() {
  static Figures figures("allocations of the core that are refused");
  return figures;
}

/// The first and the last allocation are among them.
inline RefusalPlan core_plan(std::int64_t most = kPlaces) {
  return refusal_plan({1, most - 1});
}

enum class Outcome { refused, answered, lost };

/// A call whose k-th allocation fails ends in std::bad_alloc or gives the right
/// answer all the same.
template <class Call, class Answer>
Outcome outcome_of(const Call& call, const Answer& expected, std::int64_t k,
                   Shortage shortage) {
  start_counting(k, shortage);
  try {
    const Answer got = call();
    stop_counting();
    return got == expected ? Outcome::answered : Outcome::lost;
  } catch (const std::bad_alloc&) {
    stop_counting();
    return Outcome::refused;
  } catch (const std::exception& e) {
    stop_counting();
    ADD_FAILURE() << "allocation " << k << ": " << e.what();
    return Outcome::lost;
  }
}

/// The same at each place, without a leak; afterwards all is as before.
template <class Call>
void expect_survived(const Call& call, std::int64_t most = kPlaces) {
  const auto expected = call();
  start_counting(0, Shortage::one);
  EXPECT_EQ(call(), expected);
  const auto n = stop_counting();
  ASSERT_GT(n, 0);
  std::int64_t tried = 0, refused = 0, lost = 0;
  const auto spared = n_spared();
  for (const auto shortage : {Shortage::one, Shortage::lasting}) {
    for (const auto k : core_plan(most).places(n)) {
      const auto before = live_blocks();
      const Outcome outcome = outcome_of(call, expected, k, shortage);
      EXPECT_NE(outcome, Outcome::lost) << "allocation " << k;
      EXPECT_EQ(live_blocks(), before) << "allocation " << k;
      ++tried;
      if (outcome == Outcome::refused) ++refused;
      if (outcome == Outcome::lost || live_blocks() != before) ++lost;
      if (lost > 5) break;
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(call(), expected);
  core_figures().tried += tried;
  core_figures().lost += lost;
  ::testing::Test::RecordProperty("allocations", std::to_string(n));
  ::testing::Test::RecordProperty("tried", std::to_string(tried));
  ::testing::Test::RecordProperty("spared",
                                  std::to_string(n_spared() - spared));
}

}  // namespace musl::test
