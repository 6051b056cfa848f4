#include <gtest/gtest.h>

#include "base/error.h"
#include "judge/power.h"

namespace musl {
namespace {

TEST(Power, TailsOfStudentsT) {
  // Tables of Student's t, and of the noncentral one (R's pt()).
  EXPECT_NEAR(upper_tail_t(2.353363, 3, 0), .05, 1e-5);
  EXPECT_NEAR(upper_tail_t(1.697261, 30, 0), .05, 1e-6);
  EXPECT_NEAR(upper_tail_t(-1.697261, 30, 0), .95, 1e-6);
  EXPECT_NEAR(upper_tail_t(12.7062, 1, 0), .025, 1e-4);
}

TEST(Power, OfOnePairIsThatOfOneTest) {
  ScreenPlan plan;
  plan.share_hits = 1;
  plan.effect = 1;
  plan.n_constructs = 9;
  plan.df = 1e6;
  plan.fdr = .05;
  // 1 - pnorm(qnorm(.95) - 3)
  EXPECT_NEAR(screen_power(plan), .91231, 1e-4);
}

TEST(Power, OfTwoPairsByHand) {
  // With p1 of an interaction and one other p2: rejected if p1 <= fdr / 2, or
  // if both are at most fdr.
  ScreenPlan plan;
  plan.n_pairs = 2;
  plan.share_hits = 0;
  plan.effect = 2;
  plan.df = 1e6;
  plan.fdr = .2;
  const double strict = upper_tail_t(1.281552, 1e6, 2);  // p = .1
  const double loose = upper_tail_t(.841621, 1e6, 2);    // p = .2
  EXPECT_NEAR(screen_power(plan), loose * .2 + strict * .8, 1e-5);
}

TEST(Power, RefusesPlansOutOfRange) {
  ScreenPlan plan;
  plan.sd = 0;
  EXPECT_THROW(screen_power(plan), InputError);
}

}  // namespace
}  // namespace musl
