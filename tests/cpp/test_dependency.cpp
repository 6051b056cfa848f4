#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "musl/dependency.h"
#include "musl/error.h"
#include "musl/rng.h"

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

std::vector<double> values_of(const Panel& panel, Eigen::Index gene,
                              std::size_t anchor, Group group) {
  std::vector<double> out;
  for (Eigen::Index s = 0; s < panel.values.cols(); ++s) {
    const double x = panel.values(gene, s);
    const Group g = panel.design.groups[anchor][static_cast<std::size_t>(s)];
    if (g == group && !std::isnan(x)) out.push_back(x);
  }
  std::sort(out.begin(), out.end());
  return out;
}

double plain_median(const std::vector<double>& x) {
  const std::size_t n = x.size();
  return n % 2 == 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

struct PlainStratified {
  int n_strata;
  double p;
};

/// The stratified sum by its formula, ranks by counting.
PlainStratified plain_van_elteren(const Panel& panel, Eigen::Index gene,
                                  std::size_t anchor) {
  int n_strata = 0;
  double deviation = 0, variance = 0;
  for (std::int32_t stratum = 0; stratum < 3; ++stratum) {
    std::vector<double> x;
    std::vector<bool> lost;
    for (Eigen::Index s = 0; s < panel.values.cols(); ++s) {
      const auto line = static_cast<std::size_t>(s);
      const Group g = panel.design.groups[anchor][line];
      if (panel.design.stratum[line] != stratum || g == kLeftOut ||
          std::isnan(panel.values(gene, s))) {
        continue;
      }
      x.push_back(panel.values(gene, s));
      lost.push_back(g == kLoss);
    }
    const auto n = static_cast<double>(x.size());
    const auto n_loss =
        static_cast<double>(std::count(lost.begin(), lost.end(), true));
    if (n_loss == 0 || n_loss == n) continue;
    ++n_strata;
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      double rank = 0.5;
      for (const double other : x) {
        rank += other < x[i] ? 1 : other == x[i] ? 0.5 : 0;
      }
      if (lost[i]) sum += rank;
      squares += std::pow(rank - (n + 1) / 2, 2);
    }
    deviation += (sum - n_loss * (n + 1) / 2) / (n + 1);
    // The exact variance of a sum of n_loss ranks drawn without replacement.
    variance +=
        n_loss * (n - n_loss) / n * squares / (n - 1) / std::pow(n + 1, 2);
  }
  return {n_strata, std::erfc(std::abs(deviation) / std::sqrt(2 * variance))};
}

TEST(Screen, ComparesEveryGeneUnderEveryAnchor) {
  const Panel panel = random_panel(70, 60);
  const DependencyResult out =
      differential_dependency(view(panel.values), panel.design, {true, 5, 1});
  ASSERT_EQ(out.delta.size(), 140u);
  for (std::size_t anchor = 0; anchor < 2; ++anchor) {
    for (Eigen::Index gene = 0; gene < 70; ++gene) {
      const std::size_t at = anchor * 70 + static_cast<std::size_t>(gene);
      const auto loss = values_of(panel, gene, anchor, kLoss);
      const auto rest = values_of(panel, gene, anchor, kRest);
      ASSERT_EQ(out.n_loss[at], static_cast<int>(loss.size()));
      ASSERT_EQ(out.n_rest[at], static_cast<int>(rest.size()));
      EXPECT_EQ(out.median_loss[at], plain_median(loss));
      EXPECT_EQ(out.median_rest[at], plain_median(rest));
      const PlainStratified plain = plain_van_elteren(panel, gene, anchor);
      EXPECT_NEAR(out.p_two_sided_stratified[at], plain.p, 1e-12);
      EXPECT_EQ(out.n_strata[at], plain.n_strata);
    }
  }
}

TEST(Screen, TheNumberOfThreadsLeavesNoTrace) {
  const Panel panel = random_panel(130, 40);
  const auto one =
      differential_dependency(view(panel.values), panel.design, {true, 5, 1});
  const auto many =
      differential_dependency(view(panel.values), panel.design, {true, 5, 4});
  EXPECT_EQ(one.p_two_sided, many.p_two_sided);
  EXPECT_EQ(one.p_less_stratified, many.p_less_stratified);
  EXPECT_EQ(one.median_loss, many.median_loss);
}

TEST(Screen, AGeneWithTooFewLinesHasCountsAndMediansAlone) {
  Eigen::MatrixXd values(2, 5);
  values << 1, 2, 3, 4, 5, kNaN, kNaN, kNaN, kNaN, kNaN;
  const DependencyDesign design{{{1, 1, 0, 0, 0}}, {}};
  const auto out = differential_dependency(view(values), design, {true, 3, 1});
  EXPECT_EQ(out.n_loss, (std::vector<std::int32_t>{2, 0}));
  EXPECT_EQ(out.median_rest[0], 4);
  EXPECT_TRUE(std::isnan(out.median_loss[1]));
  EXPECT_TRUE(std::isnan(out.p_two_sided[0]));
  EXPECT_TRUE(std::isnan(out.delta[0]));
}

TEST(Screen, ItMeetsNoGenesAndNoAnchors) {
  const Eigen::MatrixXd none(0, 3);
  EXPECT_TRUE(
      differential_dependency(view(none), {{{1, 0, 0}}, {}}, {}).delta.empty());
  const Eigen::MatrixXd one = Eigen::MatrixXd::Ones(1, 3);
  EXPECT_TRUE(differential_dependency(view(one), {}, {}).delta.empty());
}

TEST(Screen, GroupsAndStrataMustFitTheLines) {
  const Eigen::MatrixXd one = Eigen::MatrixXd::Ones(1, 3);
  EXPECT_THROW(
      static_cast<void>(differential_dependency(view(one), {{{1, 0}}, {}}, {})),
      ShapeError);
  EXPECT_THROW(static_cast<void>(
                   differential_dependency(view(one), {{{1, 0, 0}}, {0}}, {})),
               ShapeError);
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
