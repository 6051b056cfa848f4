#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/rng.h"
#include "expression/histogram.h"
#include "expression/histogram_maps.h"
#include "expression_fixture.h"

namespace musl {
namespace {

using testing::config_of;
using testing::make_cohort;
using testing::normal_matrix;
using testing::sparse_counts;

using Maps = std::vector<float>;

std::vector<std::uint32_t> slow_counts(const ExpressionCohort& cohort, int i,
                                       int a, int j, int b) {
  const int k = cohort.config.bins;
  std::vector<std::uint32_t> counts(static_cast<std::size_t>(k * k), 0);
  for (int s = 0; s < cohort.n_samples; ++s) {
    const auto& codes_a = cohort.assays[static_cast<std::size_t>(i)].codes;
    const auto& codes_b = cohort.assays[static_cast<std::size_t>(j)].codes;
    ++counts[static_cast<std::size_t>(codes_a(a, s) * k + codes_b(b, s))];
  }
  return counts;
}

Maps slow_scaled(const std::vector<std::uint32_t>& counts) {
  double n = 0;
  for (const auto c : counts) n += c;
  Maps map(counts.size(), 0.0f);
  if (n == 0) return map;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    map[c] = static_cast<float>(
        std::min(1.0, (std::log10(counts[c] / n + 1e-4) + 4) / 4));
  }
  return map;
}

Maps raw(const ExpressionCohort& cohort, int a, int b) {
  Maps out(static_cast<std::size_t>(raw_channels(cohort) * cohort.config.bins *
                                    cohort.config.bins));
  pair_histogram(cohort, a, b, /*scaled=*/true, out.data());
  return out;
}

Maps batch(const std::vector<ExpressionCohort>& cohorts, const PairSet& pairs) {
  std::size_t size = 0;
  for (const auto& cohort : cohorts) {
    size += static_cast<std::size_t>(symmetric_channels(cohort) *
                                     cohort.config.bins * cohort.config.bins);
  }
  Maps out(size * static_cast<std::size_t>(pairs.size()), -1.0f);
  histogram_batch(cohorts, pairs, out.data());
  return out;
}

void expect_near(const Maps& x, const Maps& y, double tolerance) {
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_NEAR(x[i], y[i], tolerance) << i;
  }
}

TEST(Histogram, CountsAgreeWithANaiveLoop) {
  for (const int bins : {2, 8, 10, 32, 64}) {
    for (const int samples : {1, 3, 16, 1019, 1020, 1021, 2500}) {
      const auto cohort =
          make_cohort({normal_matrix(2, samples, 7)}, config_of(bins));
      const auto& codes = cohort.assays[0].codes;
      std::vector<std::uint32_t> out(static_cast<std::size_t>(bins * bins), 9);
      joint_histogram(codes.row(0).data(), codes.row(1).data(), samples, bins,
                      out.data());
      ASSERT_EQ(out, slow_counts(cohort, 0, 0, 0, 1))
          << bins << " bins, " << samples << " samples";
    }
  }
}

TEST(Histogram, ManySamplesInOneCellDoNotOverflow) {
  const std::vector<std::uint8_t> codes(5000, 3);
  std::vector<std::uint32_t> out(64);
  joint_histogram(codes.data(), codes.data(), 5000, 8, out.data());
  EXPECT_EQ(out[3 * 8 + 3], 5000u);
}

TEST(Histogram, NoSampleGivesZeros) {
  std::vector<std::uint32_t> counts(64, 1);
  joint_histogram(nullptr, nullptr, 0, 8, counts.data());
  EXPECT_EQ(counts, std::vector<std::uint32_t>(64, 0));
  Maps map(64, 5.0f);
  scale_histogram(counts.data(), 0, 8, map.data());
  EXPECT_EQ(map, Maps(64, 0.0f));
}

TEST(Histogram, SmallAndLargeCountsAreScaledAlike) {
  // Nine bins: the last cells fill no vector.
  for (const std::uint32_t largest : {20u, 40u, 5000u}) {
    Rng rng(largest);
    std::vector<std::uint32_t> counts(81);
    for (auto& count : counts) {
      count = static_cast<std::uint32_t>(rng.below(largest + 1));
    }
    const auto n = std::accumulate(counts.begin(), counts.end(), 0u);
    Maps map(81);
    scale_histogram(counts.data(), n, 9, map.data());
    expect_near(map, slow_scaled(counts), 1e-6);
  }
}

TEST(Histogram, RawMapsOfTwoAssaysPairEachWithEach) {
  const auto cohort = make_cohort(
      {normal_matrix(3, 90, 1), normal_matrix(3, 90, 2)}, config_of(8));
  ASSERT_EQ(raw_channels(cohort), 4);
  ASSERT_EQ(symmetric_channels(cohort), 6);
  const Maps maps = raw(cohort, 2, 0);
  for (int c = 0; c < 4; ++c) {
    const Maps channel(maps.begin() + c * 64, maps.begin() + (c + 1) * 64);
    expect_near(channel, slow_scaled(slow_counts(cohort, c / 2, 2, c % 2, 0)),
                1e-6);
  }
}

TEST(Histogram, FoldedMapsAreHalfSumAndHalfDifferenceWithTheMirror) {
  const auto cohort = make_cohort(
      {normal_matrix(2, 70, 3), normal_matrix(2, 70, 4)}, config_of(8));
  const Maps maps = raw(cohort, 0, 1);
  const Maps folded = batch({cohort}, {{0}, {1}, {}});
  const int channels[3][2] = {{0, 0}, {1, 2}, {3, 3}};
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 8; ++i) {
      for (int j = 0; j < 8; ++j) {
        const auto at = [&](int channel, int row, int col) {
          return maps[static_cast<std::size_t>(channel * 64 + row * 8 + col)];
        };
        const float x = at(channels[c][0], i, j);
        const float y = at(channels[c][1], j, i);
        const auto cell = static_cast<std::size_t>(2 * c * 64 + i * 8 + j);
        ASSERT_FLOAT_EQ(folded[cell], (x + y) / 2);
        ASSERT_FLOAT_EQ(folded[cell + 64], std::abs(x - y) / 2);
      }
    }
  }
}

TEST(Histogram, FoldedMapsDoNotDependOnWhichGeneComesFirst) {
  // The order of the genes in the universe is turned round.
  const Eigen::MatrixXd x = sparse_counts(2, 80, 5),
                        y = sparse_counts(2, 80, 6);
  const auto cohort = make_cohort({x, y}, config_of(8), true);
  const auto turned = make_cohort(
      {x.colwise().reverse(), y.colwise().reverse()}, config_of(8), true);
  EXPECT_EQ(batch({cohort}, {{0}, {1}, {}}), batch({turned}, {{0}, {1}, {}}));
}

TEST(Histogram, TransformsAreChannelsBlindToTheOrderOfThePair) {
  auto config = config_of(8);
  config.transforms = {Transform::z, Transform::log, Transform::z_log};
  const std::vector<Eigen::MatrixXd> x = {sparse_counts(3, 80, 5),
                                          sparse_counts(3, 80, 6)};
  const auto cohort = make_cohort(x, config, true);
  // Two assays by two; each with its mirror makes two.
  ASSERT_EQ(raw_channels(cohort), 3 * 4);
  ASSERT_EQ(symmetric_channels(cohort), 3 * 6);
  EXPECT_EQ(batch({cohort}, {{0, 2, 1}, {1, 1, 1}, {}}),
            batch({cohort}, {{1, 1, 1}, {0, 2, 1}, {}}));
  std::vector<Eigen::MatrixXd> reversed;
  for (const auto& assay : x) reversed.push_back(assay.colwise().reverse());
  const auto turned = make_cohort(reversed, config, true);
  EXPECT_EQ(batch({cohort}, {{0}, {1}, {}}), batch({turned}, {{2}, {1}, {}}));
  // What the descriptors read stays as it was.
  const auto plain = make_cohort(x, config_of(8), true);
  EXPECT_TRUE(cohort.assays[0].codes == plain.assays[0].codes);
}

TEST(Histogram, RanksAreNotTransformed) {
  auto config = config_of(8, BinMethod::rank);
  config.transforms = {Transform::log};
  EXPECT_THROW((void)make_cohort({normal_matrix(2, 40, 1)}, config),
               InputError);
}

TEST(Histogram, ChannelsOfSeveralCohortsStandInTheirOrder) {
  const auto first = make_cohort({normal_matrix(3, 40, 1)}, config_of(8));
  auto second = make_cohort({normal_matrix(3, 60, 2)}, config_of(8));
  second.row_of_gene[2] = -1;
  const PairSet pairs{{0, 0}, {1, 2}, {}};
  const Maps both = batch({first, second}, pairs);
  const Maps one = batch({first}, pairs);
  const Maps two = batch({second}, pairs);
  ASSERT_EQ(both.size(), 2u * 4 * 64);
  for (std::size_t p = 0; p < 2; ++p) {
    for (std::size_t c = 0; c < 128; ++c) {
      ASSERT_EQ(both[p * 256 + c], one[p * 128 + c]);
      ASSERT_EQ(both[p * 256 + 128 + c], two[p * 128 + c]);
    }
  }
  EXPECT_EQ(Maps(two.begin() + 128, two.end()), Maps(128, 0.0f));
  EXPECT_EQ(raw(second, 0, 2), Maps(64, 0.0f));
}

}  // namespace
}  // namespace musl
