#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/rng.h"
#include "judge/normal_scores.h"
#include "learners/logistic.h"

namespace musl {
namespace {

struct Sample {
  Matrix x;
  std::vector<float> label, weight;
};

Sample random_sample(int rows, int columns, std::uint64_t seed) {
  Rng rng(seed);
  Sample out;
  out.x.resize(rows, columns);
  for (int i = 0; i < rows; ++i) {
    double score = -0.5;
    for (int j = 0; j < columns; ++j) {
      out.x(i, j) = static_cast<float>(rng.normal());
      score += out.x(i, j) / (1 + j);
    }
    out.label.push_back(rng.uniform() < 1 / (1 + std::exp(-score)) ? 1 : 0);
    out.weight.push_back(static_cast<float>(0.1 + rng.uniform()));
  }
  return out;
}

/// Slopes of the penalised mean loss, straight from its definition.
std::vector<double> slopes(const Sample& sample, const LogisticModel& model,
                           double lambda) {
  const std::size_t f = model.coefficient.size();
  std::vector<double> out(f + 1, 0);
  double total = 0;
  for (std::size_t i = 0; i < sample.label.size(); ++i) {
    double score = model.intercept;
    const auto row = static_cast<Eigen::Index>(i);
    for (std::size_t j = 0; j < f; ++j) {
      score +=
          model.coefficient[j] * sample.x(row, static_cast<Eigen::Index>(j));
    }
    const double rest =
        sample.weight[i] * (1 / (1 + std::exp(-score)) - sample.label[i]);
    for (std::size_t j = 0; j < f; ++j) {
      out[j] += rest * sample.x(row, static_cast<Eigen::Index>(j));
    }
    out[f] += rest;
    total += sample.weight[i];
  }
  for (double& slope : out) slope /= total;
  for (std::size_t j = 0; j < f; ++j) out[j] += lambda * model.coefficient[j];
  return out;
}

TEST(Logistic, StandsAtTheLeastOfThePenalisedLoss) {
  const Sample sample = random_sample(900, 5, 1);
  LogisticConfig config;
  config.lambda = 0.02;
  const auto model =
      fit_logistic(sample.x, sample.label, sample.weight, config, 1);
  for (const double slope : slopes(sample, model, config.lambda)) {
    EXPECT_NEAR(slope, 0, 1e-9);
  }
}

TEST(Logistic, OfAConstantColumnIsTheLogOddsOfTheWeights) {
  const Matrix x = Matrix::Zero(4, 1);
  const auto model = fit_logistic(x, {1, 0, 0, 0}, {3, 1, 1, 2}, {}, 1);
  EXPECT_NEAR(model.intercept, std::log(3.0 / 4.0), 1e-9);
  EXPECT_NEAR(model.coefficient[0], 0, 1e-12);
}

TEST(Logistic, AWeightOfTwoIsARowTwice) {
  Sample once = random_sample(300, 3, 2);
  Sample twice = once;
  once.weight.assign(300, 1);
  once.weight[7] = 2;
  twice.x.conservativeResize(301, Eigen::NoChange);
  twice.x.row(300) = once.x.row(7);
  twice.label.push_back(once.label[7]);
  const auto a = fit_logistic(once.x, once.label, once.weight, {}, 1);
  const auto b = fit_logistic(twice.x, twice.label, {}, {}, 1);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(a.coefficient[j], b.coefficient[j], 1e-9);
  }
}

TEST(Logistic, SeparableRowsEndAtFiniteCoefficients) {
  Matrix x(4, 1);
  x << -2, -1, 1, 2;
  LogisticConfig config;
  config.lambda = 1e-4;
  const auto model = fit_logistic(x, {0, 0, 1, 1}, {}, config, 1);
  EXPECT_GT(model.coefficient[0], 1);
  EXPECT_TRUE(std::isfinite(model.coefficient[0]));
}

TEST(Logistic, HasTheSameBitsForAnyThreads) {
  const Sample sample = random_sample(3000, 6, 3);
  const auto one = fit_logistic(sample.x, sample.label, sample.weight, {}, 1);
  const auto two = fit_logistic(sample.x, sample.label, sample.weight, {}, 2);
  EXPECT_EQ(one.intercept, two.intercept);
  EXPECT_EQ(one.coefficient, two.coefficient);
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Matrix column(const std::vector<float>& values) {
  return Eigen::Map<const Matrix>(values.data(),
                                  static_cast<Eigen::Index>(values.size()), 1);
}

TEST(NormalScores, QuantileInvertsTheDistribution) {
  for (const double p : {1e-9, 0.001, 0.02, 0.3, 0.5, 0.8, 0.99, 1 - 1e-7}) {
    EXPECT_NEAR(0.5 * std::erfc(-normal_quantile(p) / std::sqrt(2.0)), p, 1e-9);
  }
  // qnorm(0.975) of R.
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-9);
}

TEST(NormalScores, OfEvenValuesFollowTheirRank) {
  std::vector<float> values;
  for (int i = 0; i <= 199; ++i) values.push_back(static_cast<float>(i));
  const auto scores = fit_normal_scores(column(values));
  const Matrix z =
      normal_scores(scores, column({0, 49.75F, 99.5F, 199, 500}), 1);
  EXPECT_FLOAT_EQ(z(0, 0), -2.5F);
  EXPECT_NEAR(z(1, 0), normal_quantile(0.25), 1e-5);
  EXPECT_NEAR(z(2, 0), 0, 1e-6);
  EXPECT_FLOAT_EQ(z(3, 0), 2.5F);
  EXPECT_FLOAT_EQ(z(4, 0), 2.5F);
}

TEST(NormalScores, DoNotDependOnTheUnit) {
  std::vector<float> values, eighths;
  for (int i = 0; i < 300; ++i) {
    values.push_back(static_cast<float>(i * i % 307));
    eighths.push_back(values.back() / 8);
  }
  const auto z = normal_scores(fit_normal_scores(column(values)),
                               column({0.3F, 40.7F, 161.1F, 305.9F}), 1);
  const auto scaled =
      normal_scores(fit_normal_scores(column(eighths)),
                    column({0.3F / 8, 40.7F / 8, 161.1F / 8, 305.9F / 8}), 1);
  for (Eigen::Index i = 0; i < z.rows(); ++i) {
    EXPECT_NEAR(z(i, 0), scaled(i, 0), 1e-5);
  }
}

TEST(NormalScores, TiesTakeTheMiddleOfTheirRanks) {
  // Three quarters are 0: their quantiles run from 0 to .75 of the way.
  std::vector<float> values(300, 0);
  for (int i = 1; i <= 100; ++i) values.push_back(static_cast<float>(i));
  const Matrix z =
      normal_scores(fit_normal_scores(column(values)), column({0}), 1);
  EXPECT_NEAR(z(0, 0), normal_quantile(0.375), 0.01);
}

TEST(NormalScores, ScoreAValueAlikeAmongManyAndAlone) {
  std::vector<float> values;
  for (int i = 0; i < 300; ++i) values.push_back(std::sqrt(1.0F * i));
  const auto scores = fit_normal_scores(column(values));
  // Repeated, distinct, both zeros, missing; more than any memory of them.
  std::vector<float> many = {0.0F, -0.0F, kNan, -1, 1e9F};
  for (int i = 0; i < 20000; ++i) {
    many.push_back(i % 3 == 0 ? 7.5F : 1e-3F * static_cast<float>(i));
  }
  const Matrix together = normal_scores(scores, column(many), 1);
  for (std::size_t i = 0; i < many.size(); ++i) {
    ASSERT_EQ(together(static_cast<Eigen::Index>(i), 0),
              normal_scores(scores, column({many[i]}), 1)(0, 0))
        << i;
  }
}

TEST(NormalScores, MissingAndConstantColumnsAreZero) {
  const auto constant = fit_normal_scores(column({3, 3, 3}));
  EXPECT_EQ(normal_scores(constant, column({5}), 1)(0, 0), 0);
  const auto empty = fit_normal_scores(column({kNan, kNan}));
  EXPECT_EQ(normal_scores(empty, column({5}), 1)(0, 0), 0);
  const auto known = fit_normal_scores(column({1, 2, 3}));
  EXPECT_EQ(normal_scores(known, column({kNan}), 1)(0, 0), 0);
}

}  // namespace
}  // namespace musl
