#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "musl/error.h"
#include "musl/partners.h"
#include "musl/rng.h"

namespace musl {
namespace {

constexpr std::int32_t kGenes = 14;
/// Genes from here on are in no known pair.
constexpr std::int32_t kUnseen = 11;

using Features = std::vector<float>;

NodeBlock unit_rows(Eigen::Index columns, std::uint64_t seed) {
  Rng rng(seed);
  NodeBlock block{"", Matrix(kGenes, columns), {}};
  for (Eigen::Index i = 0; i < block.values.size(); ++i) {
    block.values.data()[i] = static_cast<float>(rng.normal());
  }
  block.values.rowwise().normalize();
  block.values.row(3).setZero();  // of which nothing is known
  block.present.assign(kGenes, 1);
  block.present[3] = 0;
  return block;
}

std::vector<NodeBlock> some_spaces() {
  return {unit_rows(3, 1), unit_rows(5, 2)};
}

/// Most pairs of the genes below kUnseen, in random order and with the ends
/// either way round; half of them SL.
PairSet some_known() {
  PairSet all, known;
  for (std::int32_t a = 0; a < kUnseen; ++a) {
    for (std::int32_t b = a + 1; b < kUnseen; ++b) {
      all.a.push_back(a);
      all.b.push_back(b);
    }
  }
  Rng rng(3);
  for (const auto index : rng.permutation(all.size())) {
    const auto i = static_cast<std::size_t>(index);
    if (known.size() == 40) break;
    const bool turned = rng.below(2) == 1;
    known.a.push_back(turned ? all.b[i] : all.a[i]);
    known.b.push_back(turned ? all.a[i] : all.b[i]);
    known.label.push_back(static_cast<float>(rng.below(2)));
  }
  return known;
}

Features features_of(const KnownPartners& partners, std::int32_t a,
                     std::int32_t b) {
  Features out(static_cast<std::size_t>(partners.width()));
  partners.features({{std::min(a, b)}, {std::max(a, b)}, {}}, out.data());
  return out;
}

Features row_of(const OutOfFold& table, std::int32_t a, std::int32_t b,
                int width) {
  const float* row = table.find(a, b);
  return row == nullptr ? Features{} : Features(row, row + width);
}

OutOfFold table_of(const PairSet& known, const PairSet& asked,
                   int threads = 1) {
  return {some_spaces(), known, asked, kGenes, threads};
}

// ---- A plain reference, in double precision and dense matrices ----

/// (G, G) 1 where the pair is known with this label.
Eigen::MatrixXd adjacency(const PairSet& known, float label) {
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(kGenes, kGenes);
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    if (known.label[i] != label) continue;
    out(known.a[i], known.b[i]) = out(known.b[i], known.a[i]) = 1;
  }
  return out;
}

std::vector<double> slow_direction(const std::vector<NodeBlock>& spaces,
                                   const PairSet& known, int from, int to) {
  std::vector<double> out;
  std::vector<double> counts;
  for (const float label : {1.0f, 0.0f}) {
    counts.push_back(adjacency(known, label).row(from).sum());
  }
  for (const auto& space : spaces) {
    for (const float label : {1.0f, 0.0f}) {
      const Eigen::MatrixXd linked = adjacency(known, label);
      double sum = 0;
      for (int p = 0; p < kGenes; ++p) {
        if (linked(from, p) == 0) continue;
        sum += space.values.row(p).dot(space.values.row(to));
      }
      const double n = linked.row(from).sum();
      out.push_back(n > 0 ? sum / n : 0);
    }
  }
  out.push_back(std::log(1 + counts[0]));
  out.push_back(std::log(1 + counts[1]));
  out.push_back(counts[0] > 0 ? 1 : 0);
  return out;
}

std::vector<double> slow_features(const std::vector<NodeBlock>& spaces,
                                  const PairSet& known, int a, int b) {
  auto out = slow_direction(spaces, known, a, b);
  const auto back = slow_direction(spaces, known, b, a);
  out.insert(out.end(), back.begin(), back.end());
  const Eigen::MatrixXd sl = adjacency(known, 1);
  Eigen::VectorXd scale = sl.rowwise().sum();
  for (double& s : scale) s = s > 0 ? 1 / std::sqrt(s) : 0;
  const Eigen::MatrixXd m = scale.asDiagonal() * sl * scale.asDiagonal();
  const Eigen::MatrixXd two = m * m, three = two * m;
  const bool both = std::max(a, b) < kUnseen;
  out.push_back(both ? std::log(two(a, b) + 1e-5) + 11 : 0);
  out.push_back(both ? std::log(three(a, b) + 1e-6) + 13 : 0);
  return out;
}

TEST(KnownPartners, AgreesWithDenseMatricesOnEveryPair) {
  const auto spaces = some_spaces();
  const PairSet known = some_known();
  const KnownPartners partners(spaces, known, kGenes);
  EXPECT_EQ(partners.columns(), 2 * 2 + 3);
  EXPECT_EQ(partners.columns(), partner_columns(2));
  for (std::int32_t a = 0; a < kGenes; ++a) {
    EXPECT_EQ(partners.seen(a), a < kUnseen) << a;
    for (std::int32_t b = a; b < kGenes; ++b) {
      const auto found = features_of(partners, a, b);
      const auto expected = slow_features(spaces, known, a, b);
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t c = 0; c < found.size(); ++c) {
        EXPECT_NEAR(found[c], expected[c], 1e-5) << a << " " << b << " " << c;
      }
    }
  }
}

TEST(KnownPartners, OfUnseenGenesAreZero) {
  const KnownPartners partners(some_spaces(), some_known(), kGenes);
  const auto none = features_of(partners, kUnseen, kUnseen + 1);
  EXPECT_EQ(none, Features(none.size(), 0));
  // From the seen gene's partners something is known, not the other way round.
  const auto half = features_of(partners, 0, kUnseen);
  const auto middle = half.begin() + partners.columns();
  EXPECT_TRUE(
      std::any_of(half.begin(), middle, [](float x) { return x != 0; }));
  EXPECT_TRUE(std::all_of(middle, half.end(), [](float x) { return x == 0; }));
}

TEST(KnownPartners, DoNotDependOnTheEndsOfTheKnownPairs) {
  const PairSet known = some_known();
  const KnownPartners one(some_spaces(), known, kGenes);
  const KnownPartners two(some_spaces(), {known.b, known.a, known.label},
                          kGenes);
  for (std::int32_t b = 1; b < kGenes; ++b) {
    EXPECT_EQ(features_of(one, 0, b), features_of(two, 0, b));
  }
}

TEST(KnownPartners, GiveManyPairsWhatTheyGiveEach) {
  const KnownPartners partners(some_spaces(), some_known(), kGenes);
  const PairSet pairs{{2, 2, 0, 2}, {5, 3, 12, 5}, {}};
  Features all;
  all.resize(static_cast<std::size_t>(4 * partners.width()));
  partners.features(pairs, all.data());
  auto row = all.begin();
  for (std::size_t i = 0; i < 4; ++i, row += partners.width()) {
    EXPECT_EQ(Features(row, row + partners.width()),
              features_of(partners, pairs.a[i], pairs.b[i]));
  }
}

TEST(KnownPartners, MayBeNone) {
  const KnownPartners nobody;
  EXPECT_FALSE(nobody.seen(0));
  EXPECT_EQ(features_of(nobody, 0, 1), Features(8, 0));
  const KnownPartners empty(some_spaces(), {}, kGenes);
  EXPECT_FALSE(empty.seen(0));
  EXPECT_EQ(features_of(empty, 0, 1), Features(16, 0));
  const KnownPartners only_negative({}, {{0}, {1}, {0}}, kGenes);
  EXPECT_TRUE(only_negative.seen(1));
  const auto found = features_of(only_negative, 0, 1);
  EXPECT_EQ(found[0], 0);  // no SL partner
  EXPECT_FLOAT_EQ(found[1], std::log(2.0f));
  const KnownPartners no_genes({}, {}, 0);
  no_genes.features({}, nullptr);
}

TEST(KnownPartners, RefusePairsWithoutLabelsOrOutsideTheUniverse) {
  EXPECT_THROW(KnownPartners({}, {{0}, {1}, {}}, kGenes), ShapeError);
  EXPECT_THROW(KnownPartners({}, {{0}, {kGenes}, {1}}, kGenes), GeneError);
}

TEST(KnownPartners, RefuseSpacesOfAnotherUniverse) {
  EXPECT_THROW(KnownPartners(some_spaces(), {{0}, {1}, {1}}, kGenes + 1),
               ShapeError);
}

// ---- Out of fold ----

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
  Preprocess preprocess;
  fit_partner_scalers(some_spaces(), known, kGenes, /*threads=*/2, &preprocess);
  const Eigen::MatrixXd x = table_of(known, known).features().cast<double>();
  const int columns = partner_columns(2);
  const auto expect_scaler = [](const Eigen::VectorXd& values, double mean,
                                double scale) {
    EXPECT_NEAR(mean, values.mean(), 1e-5);
    const double sd =
        std::sqrt((values.array() - values.mean()).square().mean());
    EXPECT_NEAR(scale, sd > 1e-6 ? sd : 1, 1e-5);
  };
  ASSERT_EQ(preprocess.partners.mean.size(), static_cast<std::size_t>(columns));
  for (int c = 0; c < columns; ++c) {
    Eigen::VectorXd both(2 * x.rows());
    both << x.col(c), x.col(columns + c);
    expect_scaler(both, preprocess.partners.mean[static_cast<std::size_t>(c)],
                  preprocess.partners.scale[static_cast<std::size_t>(c)]);
  }
  ASSERT_EQ(preprocess.paths.mean.size(), 2U);
  for (int c = 0; c < kPartnerPaths; ++c) {
    expect_scaler(x.col(2 * columns + c),
                  preprocess.paths.mean[static_cast<std::size_t>(c)],
                  preprocess.paths.scale[static_cast<std::size_t>(c)]);
  }
}

TEST(PartnerScalers, OfNoPairsDoNothing) {
  Preprocess preprocess;
  fit_partner_scalers(some_spaces(), {}, kGenes, 1, &preprocess);
  EXPECT_EQ(preprocess.partners.mean, Features(7, 0));
  EXPECT_EQ(preprocess.partners.scale, Features(7, 1));
  EXPECT_EQ(preprocess.paths.scale, Features(2, 1));
}

}  // namespace
}  // namespace musl
