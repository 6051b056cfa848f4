// How the scales of an interaction are put together.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "muse/scale_fusion.h"
#include "musl/rng.h"

namespace musl {
namespace {

const std::vector<float> kHalf{0.5f};  // share of ones in training

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
    const ScaleFusion fusion =
        fit_fusion("binary", /*is_joint=*/false, validation.scores,
                   validation.label, few, kHalf);
    EXPECT_LT(fusion.weights.weight[0][1], 0.7 * fusion.weights.weight[0][2])
        << seed;
    fused += log_loss(fuse(fusion, test.scores, many), test.label) / 5;
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
                      some, kHalf);
  };
  for (const bool is_joint : {false, true}) {
    const ScaleFusion fusion = learned(is_joint);
    EXPECT_NEAR(fusion.weights.weight[1].back(), 1, 0.1);
    EXPECT_EQ(fusion.weights.weight[0].back(), 0);  // no such pairs: the start
    // The entropy of a coin of .8.
    EXPECT_NEAR(log_loss(fuse(fusion, test.scores, many), test.label), 0.5004,
                0.02);
  }
}

// Profiles tell the labels but for noise; node means tell nothing.
TEST(ScaleFusion, HearsProfilesApartFromNodeMeans) {
  Rng rng(4);
  Scored drawn = silent_structure(2000, 0.5f, &rng);
  drawn.scores.profile = drawn.scores.node_mean = Matrix(2000, 1);
  for (Eigen::Index i = 0; i < 2000; ++i) {
    const float sign = drawn.label(i, 0) > 0.5f ? 1.0f : -1.0f;
    drawn.scores.profile(i, 0) = sign + 2 * static_cast<float>(rng.normal());
    drawn.scores.node_mean(i, 0) = static_cast<float>(rng.normal());
    drawn.scores.network(i, 0) = static_cast<float>(rng.normal());
  }
  const std::vector<int> seen(2000, 0);
  const ScaleFusion fusion = fit_fusion("binary", /*is_joint=*/false,
                                        drawn.scores, drawn.label, seen, kHalf);
  const auto& weight = fusion.weights.weight[0];
  ASSERT_EQ(weight.size(), 5u);
  // Two normal densities at -1 and 1 with sd 2: log-odds of half the score.
  EXPECT_NEAR(weight[3], 0.5, 0.06);
  EXPECT_LT(weight[4], 0.1);
  ScaleScores without = drawn.scores;
  without.profile.setZero();
  const Matrix less = fuse(fusion, drawn.scores, seen) -
                      fuse(fusion, without, seen) -
                      static_cast<float>(weight[3]) * drawn.scores.profile;
  EXPECT_LT(less.cwiseAbs().maxCoeff(), 1e-4);
}

TEST(ScaleFusion, APairAloneIsFusedAsAmongOthers) {
  Rng rng(6);
  ScaleFusion fusion;
  fusion.weights.weight.fill({1, 2, 3, 4, 5, 6});
  fusion.weights.constant.fill(7);
  ScaleScores scores, alone;
  Matrix expected = Matrix::Constant(9, 1, 7);
  float weight = 0;
  for (const auto part : {&ScaleScores::fused, &ScaleScores::structure,
                          &ScaleScores::network, &ScaleScores::kernels,
                          &ScaleScores::profile, &ScaleScores::node_mean}) {
    Matrix& x = scores.*part;
    x.resize(9, 1);
    std::generate_n(x.data(), 9,
                    [&] { return static_cast<float>(rng.normal()); });
    alone.*part = x.bottomRows(1);
    expected += ++weight * x;
  }
  const std::vector<int> seen(9, 0);
  const Matrix found = fuse(fusion, scores, seen);
  EXPECT_LT((found - expected).cwiseAbs().maxCoeff(), 1e-4);
  EXPECT_EQ(fuse(fusion, alone, {0}), found.bottomRows(1));
}

TEST(ScaleFusion, FindsTheScaleThatIsRight) {
  Rng rng(5);
  ScaleScores scores;
  for (auto* x :
       {&scores.fused, &scores.structure, &scores.network, &scores.kernels}) {
    x->resize(400, 1);
    for (Eigen::Index i = 0; i < 400; ++i) {
      (*x)(i, 0) = static_cast<float>(rng.uniform() * 4 - 2);
    }
  }
  const Matrix label = scores.kernels;
  const std::vector<int> unseen(400, 0);
  const ScaleFusion fusion =
      fit_fusion("affinity", false, scores, label, unseen, {});
  EXPECT_NEAR(fusion.weights.weight[0][3], 1, 0.1);
  EXPECT_NEAR(fusion.weights.weight[0][1], 0, 0.1);
  // Nothing is known of pairs with unseen nodes: all count alike.
  for (const std::size_t k : {1, 2, 3}) {
    EXPECT_NEAR(fusion.weights.weight[1][k], 1.0 / 3, 1e-12);
  }
  EXPECT_LT((fuse(fusion, scores, unseen) - label).cwiseAbs().maxCoeff(), 0.3);
}

TEST(ScaleFusion, IsNoSurerThanTheLabelsOfValidationAllow) {
  // One in five labels is 1. The structure is far too sure; the network says
  // nearly the same of all pairs; few pairs have an unseen node, none two.
  const auto draw = [](Eigen::Index n, std::uint64_t seed, ScaleScores* scores,
                       std::vector<int>* unseen) {
    Rng rng(seed);
    Matrix label(n, 1);
    scores->fused = Matrix::Zero(n, 1);
    scores->structure = scores->network = label;
    for (Eigen::Index i = 0; i < n; ++i) {
      label(i, 0) = rng.uniform() < 0.2 ? 1.0f : 0.0f;
      const double sign = label(i, 0) > 0 ? 1 : -1;
      scores->structure(i, 0) =
          static_cast<float>(8 * (sign + 2 * rng.normal()));
      scores->network(i, 0) = static_cast<float>(-3 + 0.01 * rng.normal());
      unseen->push_back(i % 20 == 0 ? 1 : 0);
    }
    return label;
  };
  ScaleScores scores, fresh;
  std::vector<int> unseen, fresh_unseen;
  const Matrix label = draw(60, 1, &scores, &unseen);
  const ScaleFusion fusion =
      fit_fusion("binary", /*is_joint=*/false, scores, label, unseen, kHalf);
  const Matrix fresh_label = draw(2000, 2, &fresh, &fresh_unseen);
  const double constant = 0.2 * std::log(5.0) + 0.8 * std::log(1.25);
  EXPECT_LT(log_loss(fuse(fusion, fresh, fresh_unseen), fresh_label), constant);
  fresh_unseen.assign(fresh_unseen.size(), 2);
  EXPECT_LT(log_loss(fuse(fusion, fresh, fresh_unseen), fresh_label),
            1.1 * constant);
}

// Both scales lie close about 1 where they are judged, so that their lines are
// steep. Pairs with unseen nodes have other scores: the lines do not reach
// them.
TEST(ScaleFusion, PartsWithoutLabelsHaveTheMeanOfTheScales) {
  Rng rng(6);
  constexpr Eigen::Index kPairs = 400;
  ScaleScores scores{Matrix::Zero(kPairs, 1), Matrix(kPairs, 1),
                     Matrix(kPairs, 1), Matrix(kPairs, 1)};
  Matrix label(kPairs, 1);
  for (Eigen::Index i = 0; i < kPairs; ++i) {
    label(i, 0) = rng.uniform() < 0.7 ? 1.0f : 0.0f;
    const float sign = label(i, 0) > 0 ? 1.0f : -1.0f;
    scores.structure(i, 0) =
        1 + 0.05f * (sign + static_cast<float>(rng.normal()));
    scores.network(i, 0) =
        1 + 0.02f * (sign + static_cast<float>(rng.normal()));
    // A scale that is twice as sure as it may be.
    scores.kernels(i, 0) = 4 * (sign + static_cast<float>(rng.normal()));
  }
  const std::vector<int> known(kPairs, 0);
  const ScaleFusion fusion =
      fit_fusion("binary", /*is_joint=*/false, scores, label, known, {0.7f});
  EXPECT_GT(fusion.weights.weight[0][2], 5);
  ScaleScores other{Matrix::Zero(2, 1), Matrix::Constant(2, 1, 0.4f),
                    Matrix::Constant(2, 1, -0.1f), Matrix::Constant(2, 1, 8)};
  const Matrix sum = fuse(fusion, other, {1, 2});
  // Their log-odds given a normal score: 2 (score / 4) and those of the share.
  const double kernels = 2 * 8 / 4.0 + std::log(0.7 / 0.3);
  EXPECT_NEAR(sum(0, 0), (0.4 - 0.1 + kernels) / 3, 0.4);
  EXPECT_FLOAT_EQ(sum(0, 0), sum(1, 0));
  // To the digit, their line through all pairs.
  const Calibration line = fit_label_line(
      std::vector<double>(scores.kernels.data(),
                          scores.kernels.data() + kPairs),
      std::vector<float>(label.data(), label.data() + kPairs), 0.7);
  EXPECT_LT(line.slope[0], 1);
  EXPECT_NEAR(sum(0, 0),
              (0.4 - 0.1 + 8 * line.slope[0] + line.intercept[0]) / 3, 1e-5);
  other.kernels.setZero();
  EXPECT_NEAR(fuse(fusion, other, {1, 2})(0, 0),
              (0.4 - 0.1 + std::log(0.7 / 0.3)) / 3, 0.15);
}

Matrix probabilities(const Matrix& logit) {
  return (1 / (1 + (-logit.array()).exp())).matrix();
}

/// Two labels, a ninth of what the structure says their log-odds beyond the
/// usual share and `more`; the network says nothing, but is as sure.
struct Labelled {
  ScaleScores scores;
  Matrix label;
  std::vector<int> unseen;
};

const std::vector<float> kUsual{0.1f, 0.6f};

Labelled two_labels(Eigen::Index n, float more, int n_unseen) {
  Rng rng(9);
  Labelled out;
  out.scores = {Matrix::Zero(n, 2), Matrix(n, 2), Matrix(n, 2)};
  out.label = Matrix(n, 2);
  out.unseen.assign(static_cast<std::size_t>(n), n_unseen);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index c = 0; c < 2; ++c) {
      const auto usual = static_cast<float>(
          share_log_odds(kUsual[static_cast<std::size_t>(c)]));
      const auto told = static_cast<float>(2 * rng.normal());
      const float p = 1 / (1 + std::exp(-usual - more - told));
      out.scores.structure(i, c) = usual + 9 * told;
      out.scores.network(i, c) = usual + 18 * static_cast<float>(rng.normal());
      out.label(i, c) = rng.uniform() < p ? 1.0f : 0.0f;
    }
  }
  return out;
}

// Labels of the validation part are far more frequent than usual.
TEST(ScaleFusion, SeveralLabelsKeepTheirUsualShares) {
  for (const float more : {0.0f, 2.0f}) {
    const Labelled x = two_labels(2000, more, 1);
    const auto fusion =
        fit_fusion("multilabel", false, x.scores, x.label, x.unseen, kUsual);
    EXPECT_NEAR(fusion.weights.weight[1][1], 1.0 / 9, 0.02) << more;
    EXPECT_LT(fusion.weights.weight[1][2], 0.02) << more;
    const Matrix odds =
        mean_evidence((Matrix(1, 2) << 0.1f, 0.6f).finished(), {0.5f, 0.5f});
    const ScaleScores usual{Matrix::Zero(1, 2), odds, odds};
    for (const int n : {0, 1, 2}) {
      const Matrix p = probabilities(fuse(fusion, usual, {n}));
      EXPECT_NEAR(p(0, 0), 0.1, 1e-4);
      EXPECT_NEAR(p(0, 1), 0.6, 1e-4);
    }
  }
}

TEST(ScaleFusion, LinksAreTheScoreIfTheyAreBetter) {
  Labelled x = two_labels(2000, 0, 1);
  const auto fusion =
      fit_fusion("multilabel", false, x.scores, x.label, x.unseen, kUsual);
  const Matrix others = probabilities(fuse(fusion, x.scores, x.unseen));
  const Matrix right = (x.label.array() * 0.5f + 0.25f).matrix();
  const Matrix silent = Matrix::Constant(2000, 2, 0.5f);
  for (const auto* links : {&right, &silent}) {
    x.scores.links = mean_evidence(*links, kUsual);
    ScaleFusion all = fusion;
    const bool alone = weigh_links(*links, others, x.label, kUsual, &all);
    EXPECT_EQ(alone, links == &right);
    const Matrix fused = probabilities(fuse(all, x.scores, x.unseen));
    EXPECT_LT((fused - (alone ? right : others)).cwiseAbs().maxCoeff(), 1e-5f);
  }
}

// Of pairs that validation hardly has, each scale is as sure as it is.
TEST(ScaleFusion, KindsWithoutValidationPairsHaveTheSumOfTheScales) {
  Labelled x = two_labels(600, 0, 0);
  x.scores.profile = x.scores.node_mean = Matrix::Zero(600, 2);
  std::fill_n(x.unseen.begin(), 19, 1);
  const auto fusion =
      fit_fusion("multilabel", false, x.scores, x.label, x.unseen, kUsual);
  for (const std::size_t n : {1, 2}) {  // 19 pairs and none
    EXPECT_EQ(fusion.weights.weight[n], (std::vector<double>{0, 1, 1, 0, 0}));
  }
}

// Two labels, .6 and .1 frequent: the first alone has an F1 of
// 2 (.6) / (1 + .7), both 2 (.7) / (2 + .7).
TEST(ScaleFusion, PairsOfNewNodesDoNotChooseAThreshold) {
  const Matrix p = (Matrix(2, 2) << 0.9f, 0.8f, 0.2f, 0.1f).finished();
  const Matrix label = (Matrix(2, 2) << 1, 1, 0, 0).finished();
  EXPECT_NEAR(fused_threshold(p, label, {0, 0}, kUsual), 0.5, 1e-6);
  EXPECT_NEAR(fused_threshold(p, label, {1, 2}, kUsual), 0.6 / 1.7, 1e-6);
  EXPECT_NEAR(fused_threshold(p, label, {1, 0}, kUsual), (0.5 + 0.6 / 1.7) / 2,
              1e-6);
}

// Where all validation labels are 0 the share in training is the level.
TEST(ScaleFusion, LabelsOfOneClassLeaveTheShareOfTraining) {
  Rng rng(6);
  ScaleScores scores{Matrix::Zero(50, 1), Matrix(50, 1), Matrix(50, 1)};
  for (Eigen::Index i = 0; i < 50; ++i) {
    scores.structure(i, 0) = 0.1f * static_cast<float>(rng.normal()) + 4;
    scores.network(i, 0) = 0.1f * static_cast<float>(rng.normal()) - 1;
  }
  const std::vector<int> unseen(50, 0);
  for (const float given : {0.0f, 1.0f}) {
    const auto fusion =
        fit_fusion("binary", false, scores, Matrix::Constant(50, 1, given),
                   unseen, {0.02f});
    const Matrix p = probabilities(fuse(fusion, scores, unseen));
    EXPECT_NEAR(p.mean(), 0.02, 0.002) << given;
  }
  const std::vector<double> score{-1, 0, 1};
  EXPECT_NEAR(fit_label_line(score, {0, 0, 0}, 0.2).intercept[0],
              std::log(0.25), 1e-12);
  EXPECT_NEAR(fit_label_line(score, {1, 0, 1}, 0.2).intercept[0],
              fit_label_line(score, {1, 0, 1}, 0.7).intercept[0], 0);
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
