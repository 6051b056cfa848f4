// How the scales of an interaction are put together.
#include <gtest/gtest.h>

#include <cmath>

#include "interactions/scale_fusion.h"
#include "musl/rng.h"

namespace musl {
namespace {

struct Scored {
  ScaleScores scores;
  Matrix label;  // (n, 1)
};

/// The network's logits are `sure` times the true log-odds, the structure's say
/// nothing and are as large.
Scored silent_structure(Eigen::Index n, float sure, Rng* rng) {
  Scored out;
  out.scores = {Matrix::Zero(n, 1), Matrix(n, 1), Matrix(n, 1)};
  out.label = Matrix(n, 1);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double odds = 2 * rng->normal();
    out.label(i, 0) = rng->uniform() < 1 / (1 + std::exp(-odds)) ? 1.0f : 0.0f;
    out.scores.network(i, 0) = sure * static_cast<float>(odds);
    out.scores.structure(i, 0) = 2 * sure * static_cast<float>(rng->normal());
  }
  return out;
}

double log_loss(const Matrix& logit, const Matrix& label) {
  double sum = 0;
  for (Eigen::Index i = 0; i < label.rows(); ++i) {
    const double margin = (label(i, 0) > 0.5f ? 1 : -1) * logit(i, 0);
    sum += std::log1p(std::exp(-margin));
  }
  return sum / static_cast<double>(label.rows());
}

// Log loss: plain sum 2.66; a ridge of 100 leaves .58, the one of 10 has .505.
TEST(ScaleFusion, FewPairsTemperScalesThatAreTooSure) {
  constexpr float kSure = 5;
  const std::vector<int> few(60, 0), many(5000, 0);
  double fused = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Rng rng(seed);
    const Scored validation = silent_structure(60, kSure, &rng);
    const Scored test = silent_structure(5000, kSure, &rng);
    const StackWeights weights = fit_fusion(
        "binary", /*is_joint=*/false, validation.scores, validation.label, few);
    EXPECT_LT(weights.weight[0][1], 0.7 * weights.weight[0][2]) << seed;
    fused += log_loss(fuse(weights, test.scores, many), test.label) / 5;
  }
  EXPECT_LT(fused, 0.54);
}

// The scales say nothing; the mean label of the nodes is the probability.
TEST(ScaleFusion, HearsNodeMeansWhereTheyKnowMore) {
  Rng rng(3);
  const auto draw = [&](Eigen::Index n) {
    Scored out = silent_structure(n, 0.5f, &rng);
    out.scores.node_mean = Matrix(n, 1);
    for (Eigen::Index i = 0; i < n; ++i) {
      const float p = out.label(i, 0) > 0.5f ? 0.8f : 0.2f;
      const float told = rng.uniform() < 0.8 ? p : 1 - p;
      out.scores.node_mean(i, 0) =
          mean_evidence(Matrix::Constant(1, 1, told), {0.5f})(0);
      out.scores.network(i, 0) = static_cast<float>(rng.normal());
    }
    return out;
  };
  const Scored validation = draw(2000), test = draw(5000);
  const std::vector<int> some(2000, 1), many(5000, 1);
  const auto learned = [&](bool is_joint) {
    return fit_fusion("binary", is_joint, validation.scores, validation.label,
                      some);
  };
  for (const bool is_joint : {false, true}) {
    const StackWeights weights = learned(is_joint);
    EXPECT_NEAR(weights.weight[1].back(), 1, 0.1);
    EXPECT_EQ(weights.weight[0].back(), 0);  // no such pairs: the start
    // The entropy of a coin of .8.
    EXPECT_NEAR(log_loss(fuse(weights, test.scores, many), test.label), 0.5004,
                0.02);
  }
}

TEST(ScaleFusion, EvidenceIsLogOddsLessThoseOfAllPairs) {
  const Matrix label = (Matrix(2, 2) << 0.0f, 1.0f, 0.5f, 0.75f).finished();
  const Matrix found = mean_evidence(label, {0.5f, 0.75f});
  EXPECT_NEAR(found(0, 0), -std::log(9999.0), 1e-5);
  EXPECT_NEAR(found(0, 1), std::log(9999.0) - std::log(3.0), 1e-5);
  EXPECT_EQ(found(1, 0), 0);
  EXPECT_EQ(found(1, 1), 0);
}

}  // namespace
}  // namespace musl
