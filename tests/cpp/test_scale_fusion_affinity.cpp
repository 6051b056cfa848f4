#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "muse/scale_fusion.h"
#include "musl/rng.h"

namespace musl {
namespace {

Matrix drawn(Eigen::Index rows, Eigen::Index columns, Rng* rng) {
  Matrix out(rows, columns);
  for (Eigen::Index i = 0; i < out.size(); ++i) {
    out.data()[i] = static_cast<float>(rng->normal());
  }
  return out;
}

/// The constant, which has no penalty, and the weights of ridge regression
/// towards `start`.
Eigen::VectorXd ridge(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
                      const Eigen::VectorXd& start) {
  Eigen::MatrixXd with(x.rows(), x.cols() + 1);
  with << Eigen::VectorXd::Ones(x.rows()), x;
  Eigen::VectorXd penalty =
      Eigen::VectorXd::Constant(x.cols() + 1, kFusionStrength);
  penalty[0] = 0;
  Eigen::VectorXd towards(x.cols() + 1);
  towards << 0, start;
  const Eigen::MatrixXd left =
      with.transpose() * with + Eigen::MatrixXd(penalty.asDiagonal());
  const Eigen::VectorXd right =
      with.transpose() * y + penalty.asDiagonal() * towards;
  return left.ldlt().solve(right);
}

TEST(AffinityFusion, IsRidgeRegressionTowardsTheMeanOfScales) {
  Rng rng(1);
  constexpr Eigen::Index kPairs = 80;
  ScaleScores scores{drawn(kPairs, 1, &rng), drawn(kPairs, 1, &rng),
                     drawn(kPairs, 1, &rng), drawn(kPairs, 1, &rng)};
  Eigen::MatrixXd x(kPairs, 4);
  x << scores.fused.cast<double>(), scores.structure.cast<double>(),
      scores.network.cast<double>(), scores.kernels.cast<double>();
  const Matrix noise = drawn(kPairs, 1, &rng);
  const Matrix label = .3F * scores.fused + .5F * scores.structure +
                       .9F * scores.network + .4F * scores.kernels +
                       Matrix::Constant(kPairs, 1, 2) + .3F * noise;
  // Pairs of two kinds; of the third there is one.
  std::vector<int> n_unseen(kPairs, 0);
  for (Eigen::Index i = 0; i < kPairs; i += 3) {
    n_unseen[static_cast<std::size_t>(i)] = 1;
  }
  n_unseen[79] = 2;
  for (const bool is_joint : {false, true}) {
    const ScaleFusion fusion =
        fit_fusion("affinity", is_joint, scores, label, n_unseen, /*usual=*/{});
    Eigen::VectorXd start = Eigen::VectorXd::Constant(4, 1.0 / 3);
    start[0] = 0;
    if (is_joint) start = Eigen::VectorXd::Unit(4, 0);
    for (const int unseen : {0, 1}) {
      std::vector<Eigen::Index> rows;
      for (Eigen::Index i = 0; i < kPairs; ++i) {
        if (n_unseen[static_cast<std::size_t>(i)] == unseen) rows.push_back(i);
      }
      const auto n = static_cast<Eigen::Index>(rows.size());
      Eigen::MatrixXd own(n, 4);
      Eigen::VectorXd y(n);
      for (Eigen::Index i = 0; i < n; ++i) {
        own.row(i) = x.row(rows[static_cast<std::size_t>(i)]);
        y[i] = label(rows[static_cast<std::size_t>(i)], 0);
      }
      const Eigen::VectorXd expected = ridge(own, y, start);
      ASSERT_GT(expected.tail(4).minCoeff(), 0);
      const auto at = static_cast<std::size_t>(unseen);
      EXPECT_NEAR(fusion.weights.constant[at], expected[0], 1e-5);
      for (std::size_t k = 0; k < 4; ++k) {
        EXPECT_NEAR(fusion.weights.weight[at][k],
                    expected[static_cast<Eigen::Index>(k) + 1], 1e-5)
            << unseen << " " << k;
      }
    }
    // Too few pairs leave the start.
    EXPECT_EQ(fusion.weights.constant[2], 0);
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_NEAR(fusion.weights.weight[2][k],
                  start[static_cast<Eigen::Index>(k)], 1e-12);
    }
  }
}

TEST(AffinityFusion, NoScaleCountsAgainstItself) {
  Rng rng(2);
  ScaleScores scores{Matrix::Zero(200, 1), drawn(200, 1, &rng),
                     drawn(200, 1, &rng)};
  scores.node_mean = drawn(200, 1, &rng);
  const Matrix label = scores.structure - 2 * scores.network;
  const ScaleFusion fusion =
      fit_fusion("affinity", /*is_joint=*/false, scores, label,
                 std::vector<int>(200, 0), /*usual=*/{});
  ASSERT_EQ(fusion.weights.weight[0].size(), 4u);
  EXPECT_EQ(fusion.weights.weight[0][2], 0);
  EXPECT_GT(fusion.weights.weight[0][1], .5);
  // Node means start at 0.
  EXPECT_EQ(fusion.weights.weight[1][3], 0);
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

TEST(ShareLogOdds, AreKeptFromInfinity) {
  EXPECT_NEAR(share_log_odds(.2), std::log(.25), 1e-12);
  const double least = std::log(1e-4 / (1 - 1e-4));
  EXPECT_NEAR(share_log_odds(0), least, 1e-9);
  EXPECT_NEAR(share_log_odds(1), -least, 1e-9);
  EXPECT_NEAR(share_log_odds(2e-4), std::log(2e-4 / (1 - 2e-4)), 1e-9);
}

}  // namespace
}  // namespace musl
