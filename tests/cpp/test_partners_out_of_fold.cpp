#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/partners.h"
#include "partners_fixture.h"

namespace musl {
namespace {

using testing::Features;
using testing::features_of;
using testing::kGenes;
using testing::some_known;
using testing::some_spaces;

Features row_of(const OutOfFold& table, std::int32_t a, std::int32_t b,
                int width) {
  const float* row = table.find(a, b);
  return row == nullptr ? Features{} : Features(row, row + width);
}

OutOfFold table_of(const PairSet& known, const PairSet& asked,
                   int threads = 1) {
  return {some_spaces(), known, asked, kGenes, threads};
}

/// Positions of the known pairs in each part, by the hash that OutOfFold uses.
std::vector<std::vector<std::size_t>> folds_of(const PairSet& known) {
  std::vector<std::vector<std::size_t>> folds(kPartnerFolds);
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    const auto key = pair_key(known.a[i], known.b[i], kGenes);
    folds[derive_seed(0x5eed, static_cast<std::uint64_t>(key)) % kPartnerFolds]
        .push_back(i);
  }
  return folds;
}

PairSet without(const PairSet& known, const std::vector<std::size_t>& fold) {
  PairSet rest;
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    if (std::binary_search(fold.begin(), fold.end(), i)) continue;
    rest.a.push_back(known.a[i]);
    rest.b.push_back(known.b[i]);
    rest.label.push_back(known.label[i]);
  }
  return rest;
}

TEST(OutOfFold, HoldsWhatTheOtherPartsTellOfAKnownPair) {
  const PairSet known = some_known();
  const OutOfFold table = table_of(known, known);
  EXPECT_EQ(table.features().rows(), known.size());
  for (const auto& fold : folds_of(known)) {
    EXPECT_FALSE(fold.empty());
    const KnownPartners rest(some_spaces(), without(known, fold), kGenes);
    for (const auto i : fold) {
      const auto expected = features_of(rest, known.a[i], known.b[i]);
      EXPECT_EQ(row_of(table, known.a[i], known.b[i], rest.width()), expected);
      EXPECT_EQ(row_of(table, known.b[i], known.a[i], rest.width()), expected);
    }
  }
}

TEST(OutOfFold, HoldsOfManyPairsWhatItHoldsOfFew) {
  constexpr std::int32_t kMany = 90;
  PairSet known;
  Rng rng(4);
  for (std::int32_t a = 0; a < kMany; ++a) {
    for (std::int32_t b = a + 1; b < kMany; ++b) {
      known.a.push_back(a);
      known.b.push_back(b);
      known.label.push_back(static_cast<float>(rng.below(2)));
    }
  }
  const OutOfFold all({}, known, known, kMany, 1);
  const auto width = static_cast<int>(all.features().cols());
  for (std::size_t i = 0; i < known.a.size(); i += 97) {
    const auto a = known.a[i], b = known.b[i];
    const OutOfFold alone({}, known, {{a}, {b}, {}}, kMany, 1);
    EXPECT_EQ(row_of(all, a, b, width), row_of(alone, a, b, width));
  }
}

TEST(OutOfFold, NeverDependsOnThePairsOwnLabel) {
  const PairSet known = some_known();
  const OutOfFold table = table_of(known, known);
  const KnownPartners leaky(some_spaces(), known, kGenes);
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    const auto a = known.a[i], b = known.b[i];
    PairSet flipped = known;
    flipped.label[i] = 1 - flipped.label[i];
    EXPECT_EQ(row_of(table_of(flipped, known), a, b, leaky.width()),
              row_of(table, a, b, leaky.width()));
    EXPECT_NE(features_of({some_spaces(), flipped, kGenes}, a, b),
              features_of(leaky, a, b));
  }
}

TEST(OutOfFold, LeavesOutPairsThatAreNotKnownOrNotAsked) {
  const PairSet known{{0, 4, 2}, {1, 3, 5}, {1, 0, 1}};
  const OutOfFold table =
      table_of(known, {{3, 1, 4, 0, 0}, {4, 0, 3, 2, 12}, {}});
  EXPECT_EQ(table.features().rows(), 2);
  EXPECT_NE(table.find(0, 1), nullptr);
  EXPECT_NE(table.find(4, 3), nullptr);
  EXPECT_EQ(table.find(2, 5), nullptr);
  EXPECT_EQ(table.find(0, 2), nullptr);
  EXPECT_EQ(table.find(0, 12), nullptr);
}

TEST(OutOfFold, MayBeEmpty) {
  EXPECT_EQ(OutOfFold().find(0, 1), nullptr);
  EXPECT_EQ(table_of({}, some_known()).find(0, 1), nullptr);
  EXPECT_EQ(table_of(some_known(), {}).find(0, 1), nullptr);
}

TEST(OutOfFold, HasTheSameBitsForAnyNumberOfThreads) {
  const PairSet known = some_known();
  EXPECT_EQ(table_of(known, known, 1).features(),
            table_of(known, known, 3).features());
}

TEST(PartnerScalers, AreMeansAndDeviationsOverBothDirections) {
  const PairSet known = some_known();
  const PartnerScalers scalers =
      fit_partner_scalers(some_spaces(), known, kGenes, /*threads=*/2);
  const Eigen::MatrixXd x = table_of(known, known).features().cast<double>();
  const int columns = partner_columns(2);
  const auto expect_scaler = [](const Eigen::VectorXd& values, double mean,
                                double scale) {
    EXPECT_NEAR(mean, values.mean(), 1e-5);
    const double sd =
        std::sqrt((values.array() - values.mean()).square().mean());
    EXPECT_NEAR(scale, sd > 1e-6 ? sd : 1, 1e-5);
  };
  ASSERT_EQ(scalers.partners.mean.size(), static_cast<std::size_t>(columns));
  for (int c = 0; c < columns; ++c) {
    Eigen::VectorXd both(2 * x.rows());
    both << x.col(c), x.col(columns + c);
    expect_scaler(both, scalers.partners.mean[static_cast<std::size_t>(c)],
                  scalers.partners.scale[static_cast<std::size_t>(c)]);
  }
  ASSERT_EQ(scalers.paths.mean.size(), 2U);
  for (int c = 0; c < kPartnerPaths; ++c) {
    expect_scaler(x.col(2 * columns + c),
                  scalers.paths.mean[static_cast<std::size_t>(c)],
                  scalers.paths.scale[static_cast<std::size_t>(c)]);
  }
}

TEST(PartnerScalers, OfNoPairsDoNothing) {
  const PartnerScalers scalers =
      fit_partner_scalers(some_spaces(), {}, kGenes, 1);
  EXPECT_EQ(scalers.partners.mean, Features(7, 0));
  EXPECT_EQ(scalers.partners.scale, Features(7, 1));
  EXPECT_EQ(scalers.paths.scale, Features(2, 1));
}

}  // namespace
}  // namespace musl
