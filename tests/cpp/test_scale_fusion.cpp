// How the scales of an interaction are put together.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/rng.h"
#include "dense_solvers.h"
#include "judge/label_metrics.h"
#include "muse/scale_fusion.h"

namespace musl {
namespace {

Matrix drawn(Eigen::Index rows, Eigen::Index columns, Rng* rng) {
  Matrix out(rows, columns);
  std::generate_n(out.data(), out.size(),
                  [&] { return static_cast<float>(rng->normal()); });
  return out;
}

/// (n, 1) labels of which `share` are 1.
Matrix labels(Eigen::Index n, double share, Rng* rng) {
  Matrix out(n, 1);
  std::generate_n(out.data(), n,
                  [&] { return rng->uniform() < share ? 1.0F : 0.0F; });
  return out;
}

/// (n, 1) scores of two normal densities, at `height` above and below `middle`,
/// with sd `spread`: log-odds of the label beyond its share are
/// 2 height / spread^2 (score - middle), whatever the share.
Matrix told(const Matrix& label, float middle, float height, float spread,
            Rng* rng) {
  Matrix out = drawn(label.rows(), 1, rng) * spread;
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    out(i, 0) += middle + (label(i, 0) > 0 ? height : -height);
  }
  return out;
}

double log_odds(double share) { return std::log(share / (1 - share)); }

float fused_at(const ScaleFusion& fusion, float structure, float network,
               float profile) {
  const auto one = [](float x) { return Matrix::Constant(1, 1, x); };
  return fuse(fusion, {one(0), one(structure), one(network), {}, one(profile)},
              {1})(0);
}

std::vector<int> known(const Matrix& label) {
  return std::vector<int>(static_cast<std::size_t>(label.rows()), 0);
}

TEST(ScaleFusion, AddsWhatScalesSayBeyondShares) {
  constexpr Eigen::Index kPairs = 20000;
  for (const double share : {0.2, 0.5, 0.8}) {
    Rng rng(1);
    const Matrix label = labels(kPairs, share, &rng);
    const Matrix structure = told(label, 3, 8, 16, &rng);  // far too sure
    const Matrix network = told(label, -1, 1, 2, &rng);
    ScaleScores scores{Matrix::Zero(kPairs, 1), structure, network};
    scores.profile = drawn(kPairs, 1, &rng);
    const auto fusion = fit_fusion("binary", /*is_joint=*/false, scores, label,
                                   known(label), {0.3F});
    for (const float x : {-10.0F, 0.0F, 25.0F}) {
      const double expected = log_odds(share) + (x - 3) / 16 + (0.5 + 1.0) / 2;
      EXPECT_NEAR(fused_at(fusion, x, 0.5F, 1.5F), expected, 0.15) << share;
    }
  }
}

// Counts are true log-odds and the scales say nothing.
TEST(ScaleFusion, HearsCountsAloneWhereScalesSayNothing) {
  Rng rng(2);
  const Matrix label = labels(20000, 0.4, &rng);
  ScaleScores scores{drawn(20000, 1, &rng), drawn(20000, 1, &rng),
                     drawn(20000, 1, &rng)};
  scores.profile = 0.5F * told(label, 0, 1, 2, &rng);
  for (const bool is_joint : {false, true}) {
    const auto fusion =
        fit_fusion("binary", is_joint, scores, label, known(label), {0.5F});
    EXPECT_NEAR(fusion.weights.weight[0][3], 1, 0.05);
    EXPECT_EQ(fusion.weights.weight[0][is_joint ? 1 : 0], 0);
    EXPECT_NEAR(fused_at(fusion, 1, 1, 0), log_odds(0.4), 0.05);
  }
}

TEST(ScaleFusion, FewPairsLeaveTheStart) {
  Rng rng(3);
  const Matrix label = (Matrix(2, 1) << 0, 1).finished();
  ScaleScores scores{Matrix::Zero(2, 1), drawn(2, 1, &rng), drawn(2, 1, &rng)};
  scores.profile = drawn(2, 1, &rng);
  const auto fusion =
      fit_fusion("binary", false, scores, label, known(label), {0.5F});
  EXPECT_NEAR(fusion.weights.weight[0][3], 1, 0.05);
}

TEST(ScaleFusion, NoScaleCountsAgainstItself) {
  Rng rng(3);
  const Matrix label = labels(5000, 0.5, &rng);
  ScaleScores scores{Matrix::Zero(5000, 1), told(label, 1, 1, 1, &rng),
                     -told(label, 0, 1, 1, &rng)};
  scores.profile = -told(label, 0, 1, 1, &rng);
  const auto fusion =
      fit_fusion("binary", false, scores, label, known(label), {0.5F});
  EXPECT_GT(fusion.weights.weight[0][1], 0.5);
  EXPECT_LT(fusion.weights.weight[0][2], 0.01);
  EXPECT_GE(fusion.weights.weight[0][2], 0);
  EXPECT_EQ(fusion.weights.weight[0][3], 0);
}

// New nodes may lie in a region unlike the rest.
TEST(ScaleFusion, IsTrustedAsFarAsNodesAreKnown) {
  Rng rng(11);
  const Matrix label = labels(4000, 0.8, &rng);
  ScaleScores scores{Matrix::Zero(4000, 1), told(label, 0, 1, 2, &rng),
                     told(label, 0, 1, 1, &rng)};
  scores.profile = drawn(4000, 1, &rng);
  std::vector<ScaleFusion> found;
  for (const std::ptrdiff_t n_new : {0, 1000, 4000}) {
    std::vector<int> unseen(4000, 0);
    std::fill_n(unseen.begin(), n_new, 1);
    found.push_back(fit_fusion("binary", false, scores, label, unseen, {0.3F}));
  }
  const auto value = [&](std::size_t i, std::size_t k) {
    return found[i].weights.weight[1][k];
  };
  EXPECT_NEAR(value(2, 1), kLearnedStart / 2 * 0.5, 0.01);
  EXPECT_NEAR(value(2, 2), kLearnedStart / 2 * 2, 0.05);
  EXPECT_EQ(value(2, 3), 1);
  EXPECT_NEAR(value(0, 2), 2, 0.3);
  EXPECT_NEAR(value(0, 3), 0, 0.1);
  EXPECT_NEAR(found[0].weights.constant[2], log_odds(0.8), 0.2);
  EXPECT_NEAR(found[2].weights.constant[2], log_odds(0.3), 0.1);
  for (const std::size_t k : {1, 2, 3}) {
    EXPECT_NEAR(value(1, k), 0.75 * value(0, k) + 0.25 * value(2, k), 1e-9);
  }
}

// Each has a level of its own, and the scale one slope.
TEST(ScaleFusion, LabelsShareASlope) {
  Rng rng(4);
  constexpr Eigen::Index kPairs = 20000;
  ScaleScores scores;
  Matrix label(kPairs, 2);
  scores.fused = scores.structure = scores.network = Matrix::Zero(kPairs, 2);
  label.col(0) = labels(kPairs, 0.7, &rng);
  label.col(1) = labels(kPairs, 0.1, &rng);
  scores.structure.col(0) = told(label.col(0), 0, 1, 1, &rng);
  scores.structure.col(1) = told(label.col(1), 2, 1, 1, &rng);
  scores.profile = drawn(kPairs, 2, &rng);
  const auto fusion = fit_fusion("multilabel", false, scores, label,
                                 known(label), {0.1F, 0.6F});
  const Matrix zero = Matrix::Zero(1, 2);
  const Matrix at = (Matrix(1, 2) << 0.25F, 2.5F).finished();
  const Matrix found = fuse(fusion, {zero, at, zero, {}, zero}, {0});
  EXPECT_NEAR(found(0, 0), log_odds(0.7) + 2 * 0.25, 0.1);
  EXPECT_NEAR(found(0, 1), log_odds(0.1) + 2 * (2.5 - 2), 0.1);
}

TEST(ScaleFusion, LabelsOfOneClassLeaveTheShareOfTraining) {
  Rng rng(6);
  ScaleScores scores{Matrix::Zero(50, 1), Matrix(50, 1), Matrix(50, 1)};
  for (Eigen::Index i = 0; i < 50; ++i) {
    scores.structure(i, 0) = 0.1F * static_cast<float>(rng.normal()) + 4;
    scores.network(i, 0) = 0.1F * static_cast<float>(rng.normal()) - 1;
  }
  scores.profile = Matrix::Zero(50, 1);
  for (const float given : {0.0F, 1.0F}) {
    const auto fusion =
        fit_fusion("binary", false, scores, Matrix::Constant(50, 1, given),
                   std::vector<int>(50, 0), {0.02F});
    EXPECT_NEAR(fuse(fusion, scores, std::vector<int>(50, 0)).mean(),
                log_odds(0.02), 1e-4)
        << given;
  }
  const std::vector<double> score{-1, 0, 1};
  EXPECT_NEAR(fit_label_line(score, {0, 0, 0}, 0.2).intercept[0],
              std::log(0.25), 1e-12);
  EXPECT_NEAR(fit_label_line(score, {1, 0, 1}, 0.2).intercept[0],
              fit_label_line(score, {1, 0, 1}, 0.7).intercept[0], 0);
}

/// The constant and weights of ridge regression towards `start`.
Eigen::VectorXd ridge(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
                      double start) {
  const auto k = x.cols();
  Eigen::MatrixXd rows = Eigen::MatrixXd::Zero(x.rows() + k + 1, k + 1);
  rows.col(0).head(x.rows()).setOnes();
  rows.topRightCorner(x.rows(), k) = x;
  rows(x.rows(), 0) = std::sqrt(0.25);
  Eigen::VectorXd target = Eigen::VectorXd::Zero(rows.rows());
  target.head(x.rows()) = y;
  for (Eigen::Index j = 0; j < k; ++j) {
    const auto row = x.rows() + 1 + j;
    rows(row, j + 1) =
        std::sqrt(kFusionStrength * x.col(j).array().square().mean());
    target[row] = rows(row, j + 1) * start;
  }
  return testing::least_squares(rows, target);
}

TEST(ScaleFusion, AffinitiesHaveRidgeRegressionTowardsTheMean) {
  Rng rng(7);
  const ScaleScores scores{drawn(80, 1, &rng), drawn(80, 1, &rng),
                           drawn(80, 1, &rng), drawn(80, 1, &rng)};
  const Matrix label = 0.3F * scores.fused + 0.5F * scores.structure +
                       0.9F * scores.network + 0.4F * scores.kernels +
                       Matrix::Constant(80, 1, 2) + 0.3F * drawn(80, 1, &rng);
  Eigen::MatrixXd apart(80, 3), joint(80, 2);
  apart << scores.structure.cast<double>(), scores.network.cast<double>(),
      scores.kernels.cast<double>();
  joint << scores.fused.cast<double>(), scores.kernels.cast<double>();
  const Eigen::VectorXd y = label.col(0).cast<double>();
  const auto a = ridge(apart, y, 1.0 / 3);
  const auto b = ridge(joint, y, 0.5);
  for (const bool is_joint : {false, true}) {
    const auto fusion =
        fit_fusion("affinity", is_joint, scores, label, known(label), {});
    const auto expected = is_joint ? std::vector<double>{b[1], 0, 0, b[2]}
                                   : std::vector<double>{0, a[1], a[2], a[3]};
    EXPECT_NEAR(fusion.weights.constant[0], is_joint ? b[0] : a[0], 1e-6);
    for (const std::size_t k : {0, 1, 2, 3}) {
      EXPECT_NEAR(fusion.weights.weight[0][k], expected[k], 1e-6)
          << is_joint << k;
    }
  }
}

TEST(ScaleFusion, NoScaleOfAffinitiesCountsAgainstItself) {
  Rng rng(2);
  const ScaleScores scores{Matrix::Zero(200, 1), drawn(200, 1, &rng),
                           drawn(200, 1, &rng)};
  const auto fusion = fit_fusion("affinity", /*is_joint=*/false, scores,
                                 scores.structure - 2 * scores.network,
                                 std::vector<int>(200, 0), {});
  EXPECT_EQ(fusion.weights.weight[0][2], 0);
  EXPECT_GT(fusion.weights.weight[0][1], .5);
}

TEST(ScaleFusion, LinksAreTheScore) {
  const std::vector<float> usual{0.1F, 0.6F};
  const Matrix links = (Matrix(2, 2) << 0.2F, 0.5F, 0.9F, 0.3F).finished();
  Rng rng(8);
  const ScaleScores scores{drawn(2, 2, &rng),          drawn(2, 2, &rng),
                           drawn(2, 2, &rng),          {},
                           drawn(2, 2, &rng),          {},
                           mean_evidence(links, usual)};
  const Matrix found = fuse(fusion_of_links(5, usual), scores, {0, 2});
  for (Eigen::Index i = 0; i < 4; ++i) {
    EXPECT_NEAR(found.data()[i], log_odds(links.data()[i]), 1e-5);
  }
}

TEST(Fuse, AddsScalesConstantsAndLevels) {
  Rng rng(3);
  const ScaleScores scores{drawn(3, 2, &rng), drawn(3, 2, &rng),
                           drawn(3, 2, &rng)};
  ScaleFusion fusion;
  fusion.weights.weight = {std::vector<double>{1, 2, 3}, {0, 1, 0}, {0, 0, 1}};
  fusion.weights.constant = {.5, .25, 0};
  fusion.level[2] = {10, 20};
  const Matrix sum = fuse(fusion, scores, {0, 1, 2});
  for (Eigen::Index c = 0; c < 2; ++c) {
    EXPECT_NEAR(sum(0, c),
                scores.fused(0, c) + 2 * scores.structure(0, c) +
                    3 * scores.network(0, c) + .5F,
                1e-5);
    EXPECT_NEAR(sum(1, c), scores.structure(1, c) + .25F, 1e-6);
    EXPECT_NEAR(sum(2, c),
                scores.network(2, c) + 10 * static_cast<float>(c + 1), 1e-5);
  }
}

// Two labels, .6 and .1 frequent: the first alone has an F1 of
// 2 (.6) / (1 + .7), both 2 (.7) / (2 + .7). Validation reaches 1.
TEST(FusedThreshold, IsHalfAnF1WhereNodesAreNew) {
  const std::vector<float> usual{0.1F, 0.6F};
  const Matrix p = (Matrix(2, 2) << 0.9F, 0.8F, 0.2F, 0.1F).finished();
  const Matrix label = (Matrix(2, 2) << 1, 1, 0, 0).finished();
  const double known = fused_threshold(p, label, {0, 0}, usual);
  EXPECT_NEAR(known, (0.5 + best_threshold(p, label)) / 2, 1e-6);
  const double fresh = 0.6 / 1.7;
  EXPECT_NEAR(fused_threshold(p, label, {1, 2}, usual), fresh, 1e-6);
  EXPECT_NEAR(fused_threshold(p, label, {1, 0}, usual), (known + fresh) / 2,
              1e-6);
}

TEST(ShareLogOdds, AreKeptFromInfinity) {
  EXPECT_NEAR(share_log_odds(.2), std::log(.25), 1e-12);
  const double least = std::log(1e-4 / (1 - 1e-4));
  EXPECT_NEAR(share_log_odds(0), least, 1e-9);
  EXPECT_NEAR(share_log_odds(1), -least, 1e-9);
  EXPECT_NEAR(share_log_odds(2e-4), std::log(2e-4 / (1 - 2e-4)), 1e-9);
}

TEST(MeanEvidence, IsLogOddsLessThoseOfAllPairs) {
  const Matrix label = (Matrix(2, 2) << 0.0F, 1.0F, 0.5F, 0.75F).finished();
  const Matrix found = mean_evidence(label, {0.5F, 0.75F});
  EXPECT_NEAR(found(0, 0), -std::log(9999.0), 1e-5);
  EXPECT_NEAR(found(0, 1), std::log(9999.0) - std::log(3.0), 1e-5);
  EXPECT_EQ(found(1, 0), 0);
  EXPECT_EQ(found(1, 1), 0);
}

}  // namespace
}  // namespace musl
