#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/rng.h"
#include "judge/drift.h"

namespace musl {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

Eigen::MatrixXd random_matrix(int rows, int columns, std::uint64_t seed) {
  Rng rng(seed);
  Eigen::MatrixXd x(rows, columns);
  for (int s = 0; s < columns; ++s) {
    const double shared = rng.normal();
    for (int g = 0; g < rows; ++g) x(g, s) = g + shared + rng.normal();
  }
  return x;
}

RMatrixView view(const Eigen::MatrixXd& x) {
  return {x.data(), x.rows(), x.cols()};
}

std::vector<double> normals(int n, double mean, double sd, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> out;
  for (int i = 0; i < n; ++i) out.push_back(mean + sd * rng.normal());
  return out;
}

TEST(Drift, AGeneAloneOrAConstantOneHasNoMeanCorrelation) {
  const Eigen::MatrixXd one = random_matrix(1, 20, 1);
  EXPECT_TRUE(std::isnan(mean_correlations(view(one), false)[0]));
  const Eigen::MatrixXd none(0, 20);
  EXPECT_TRUE(mean_correlations(view(none), false).empty());
}

TEST(Drift, TheStabilityIndexIsThatOfTheBinsBetweenDeciles) {
  std::vector<double> reference;
  for (int i = 0; i <= 100; ++i) reference.push_back(i);
  // Up to 10 (11 values), 20, ..., 90, and above; all of 40 values in one.
  for (int bin = 0; bin < 10; ++bin) {
    double wanted = 0;
    for (int other = 0; other < 10; ++other) {
      const double p = ((other == 0 ? 11 : 10) + 0.5) / 106;
      const double q = ((other == bin ? 40 : 0) + 0.5) / 45;
      wanted += (q - p) * std::log(q / p);
    }
    for (const double within : {1, 10}) {
      const std::vector<double> values(40, 10 * bin + within);
      EXPECT_NEAR(stability_index(reference, values).index, wanted, 1e-12);
    }
  }
}

// The 99.9 % quantile of chi-squared, by tables 27.877 of 9 degrees and
// -2 log(.001) of 2; the approximation of Wilson and Hilferty (1931) is within
// 3 % of them.
TEST(Drift, TheNoiseIsAQuantileOfChiSquaredOverTheValues) {
  const auto ten_bins =
      stability_index(normals(300, 0, 1, 1), normals(200, 0, 1, 2));
  EXPECT_NEAR(ten_bins.noise / (27.877 * (1 / 300.0 + 1 / 200.0)), 1, 0.03);
  const auto three_bins = stability_index(std::vector<double>(50, 1.0),
                                          std::vector<double>(20, 1.0));
  const double of_two = -2 * std::log(0.001);
  EXPECT_NEAR(three_bins.noise / (of_two * (1 / 50.0 + 1 / 20.0)), 1, 0.03);
}

TEST(Drift, RepeatedDecilesAreBinsOfTheirOwn) {
  // All at 1 against all at 0 or at 2: each moves everything.
  const std::vector<double> ones(100, 1.0);
  EXPECT_EQ(stability_index(ones, ones).index, 0);
  const double below = stability_index(ones, std::vector<double>(100, 0)).index;
  const double above = stability_index(ones, std::vector<double>(100, 2)).index;
  EXPECT_GT(below, 5);
  EXPECT_NEAR(below, above, 1e-12);
  // Three bins, below, at and above 1, with half a value more in each.
  EXPECT_NEAR(below, 2 * 100 / 101.5 * std::log(100.5 / 0.5), 1e-12);
}

TEST(Drift, MissingValuesDoNotCountAndNothingGivesNothing) {
  const auto reference = normals(500, 0, 1, 1);
  auto values = normals(500, 1, 1, 2);
  const double expected = stability_index(reference, values).index;
  values.push_back(kNaN);
  EXPECT_EQ(stability_index(reference, values).index, expected);
  EXPECT_TRUE(std::isnan(stability_index({}, values).index));
  EXPECT_TRUE(std::isnan(stability_index(reference, {kNaN}).noise));
}

TEST(Drift, TheShiftOfLocationIsAMedianInStandardDeviations) {
  EXPECT_NEAR(location_shift({0, 0, 0}, {1, 2, 4}, {1, -1, 8}), 1, 1e-12);
  EXPECT_NEAR(location_shift({0, 0}, {1, 2}, {1, -1}), 0.75, 1e-12);
  EXPECT_NEAR(location_shift({0, 0}, {0, 2}, {1, -1}), 0.5, 1e-12);
  EXPECT_NEAR(location_shift({0, 0}, {1, 2}, {1, kNaN}), 1, 1e-12);
  EXPECT_TRUE(std::isnan(location_shift({1}, {0}, {2})));
}

TEST(Drift, SamplingNoiseFallsWithTheNumberOfSamples) {
  const Eigen::MatrixXd x = random_matrix(400, 200, 5);
  const auto few = sampling_noise(view(x), false, 10, 20, 1e-4, 1);
  const auto many = sampling_noise(view(x), false, 100, 20, 1e-4, 1);
  EXPECT_GT(few.sd, many.sd);
  EXPECT_GT(few.correlation, many.correlation);
  EXPECT_EQ(few.sd, sampling_noise(view(x), false, 10, 20, 1e-4, 1).sd);
  EXPECT_GT(many.sd_of_part, 0);
  EXPECT_LT(many.sd_of_part, many.sd);  // a part holds half of the samples
}

}  // namespace
}  // namespace musl
