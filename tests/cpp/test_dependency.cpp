#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/rng.h"
#include "dependency/dependency.h"
#include "dependency/rank_test.h"

namespace musl {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Panel {
  Eigen::MatrixXd values;
  DependencyDesign design;
};

/// Rounded effects with gaps, two anchors, three lineages and lines without.
Panel random_panel(Eigen::Index genes, Eigen::Index lines) {
  Rng rng(7);
  Panel panel;
  panel.values.resize(genes, lines);
  for (Eigen::Index i = 0; i < panel.values.size(); ++i) {
    const double x = std::round(rng.normal() * 4) / 4;
    panel.values(i) = rng.uniform() < 0.1 ? kNaN : x;
  }
  panel.design.groups.resize(2);
  for (Eigen::Index s = 0; s < lines; ++s) {
    for (auto& group : panel.design.groups) {
      const double u = rng.uniform();
      group.push_back(u < 0.3 ? kLoss : u < 0.9 ? kRest : kLeftOut);
    }
    panel.design.stratum.push_back(static_cast<std::int32_t>(rng.below(4)) - 1);
  }
  return panel;
}

RMatrixView view(const Eigen::MatrixXd& x) {
  return {x.data(), x.rows(), x.cols()};
}

TEST(Screen, TheNumberOfThreadsLeavesNoTrace) {
  const Panel panel = random_panel(130, 40);
  const auto one = differential_dependency(view(panel.values), panel.design, 1);
  const auto many =
      differential_dependency(view(panel.values), panel.design, 4);
  EXPECT_EQ(one.p_two_sided, many.p_two_sided);
  EXPECT_EQ(one.p_less_stratified, many.p_less_stratified);
  EXPECT_EQ(one.median_loss, many.median_loss);
}

TEST(Screen, ItMeetsNoGenesAndNoAnchors) {
  const Eigen::MatrixXd none(0, 3);
  EXPECT_TRUE(
      differential_dependency(view(none), {{{1, 0, 0}}, {}}, 0).delta.empty());
  const Eigen::MatrixXd one = Eigen::MatrixXd::Ones(1, 3);
  EXPECT_TRUE(differential_dependency(view(one), {}, 0).delta.empty());
}

TEST(Screen, SharesLeaveMissingValuesOut) {
  Eigen::MatrixXd values(3, 4);
  values << 0.9, 0.2, kNaN, 0.5, -1, -2, -0.5, 0, kNaN, kNaN, kNaN, kNaN;
  const auto above = shares_beyond(view(values), 0.5, /*above=*/true);
  const auto below = shares_beyond(view(values), -0.5, /*above=*/false);
  EXPECT_NEAR(above[0], 1.0 / 3, 1e-15);
  EXPECT_NEAR(below[1], 0.5, 1e-15);
  EXPECT_TRUE(std::isnan(above[2]));
}

}  // namespace
}  // namespace musl
