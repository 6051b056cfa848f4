#include <gtest/gtest.h>

#include <cmath>

#include "base/matrix.h"
#include "base/rng.h"
#include "data/partner_spaces.h"

namespace musl {
namespace {

constexpr std::int32_t kGenes = 40;
/// Without an edge, and in no block.
constexpr std::int32_t kNothing = 39;
/// Connected, and in the embedding block only.
constexpr std::int32_t kUnmeasured = 7;

NodeBlock random_block(const std::string& name, Eigen::Index columns,
                       std::uint64_t seed) {
  Rng rng(seed);
  NodeBlock block{name, Matrix(kGenes, columns), {}};
  for (Eigen::Index i = 0; i < block.values.size(); ++i) {
    block.values.data()[i] = static_cast<float>(1 + 2 * rng.normal());
  }
  block.present.assign(kGenes, 1);
  for (const auto gene : {kNothing, kUnmeasured}) {
    if (gene == kUnmeasured && name == "embedding") continue;
    block.values.row(gene).setZero();
    block.present[static_cast<std::size_t>(gene)] = 0;
  }
  return block;
}

Dataset some_data(Eigen::Index embedding_columns = 6) {
  Dataset data;
  data.n_genes = kGenes;
  data.blocks = {random_block("embedding", embedding_columns, 1),
                 random_block("spectral", 4, 2),
                 random_block("degree", 1, 3),
                 random_block("coexpression:one", 3, 4),
                 random_block("marginals:one", 5, 5),
                 random_block("coexpression:two", 2, 6),
                 random_block("marginals:two", 5, 7)};
  std::vector<std::int32_t> from, to;
  for (std::int32_t gene = 0; gene < kNothing; ++gene) {
    from.push_back(gene);
    to.push_back((gene + 1) % kNothing);
  }
  data.network =
      make_graph(kGenes, from, to, std::vector<float>(from.size(), 1.0f));
  return data;
}

PairSet some_pairs() {
  PairSet pairs;
  for (std::int32_t gene = 0; gene < kGenes - 1; ++gene) {
    pairs.a.push_back(gene);
    pairs.b.push_back(gene + 1);
    pairs.label.push_back(static_cast<float>(gene % 2));
  }
  return pairs;
}

Preprocess scalers_of(const Dataset& data) {
  return fit_preprocess(data, some_pairs(), /*threads=*/1);
}

GeneSpaces spaces_of(const Dataset& data) {
  return partner_spaces(data, scalers_of(data), /*threads=*/1);
}

/// Columns [first, first + n) of each start of `firsts`, each row of length 1.
Matrix unit_columns(const Matrix& x,
                    const std::vector<std::pair<int, int>>& ranges) {
  Matrix out(x.rows(), 0);
  for (const auto& [first, n] : ranges) {
    Matrix wider(x.rows(), out.cols() + n);
    wider << out, x.middleCols(first, n);
    out = wider;
  }
  for (Eigen::Index g = 0; g < out.rows(); ++g) {
    if (out.row(g).norm() > 0) out.row(g) /= out.row(g).norm();
  }
  return out;
}

TEST(PartnerSpaces, AreTheFeaturesOfEachKindInRowsOfLengthOne) {
  const Dataset data = some_data();
  const Preprocess preprocess = scalers_of(data);
  const auto spaces = partner_spaces(data, preprocess, 1);
  const Matrix own = node_features(data, preprocess);
  Matrix copy = propagate(normalise(data.network), own, 1);
  preprocess.propagated[0].apply(copy.data(), copy.rows());
  const std::vector<std::pair<int, int>> marginals{{14, 5}, {21, 5}};
  const std::vector<std::pair<int, int>> coexpression{{11, 3}, {19, 2}};
  const std::vector<Matrix> expected = {
      unit_columns(own, {{6, 4}}),   unit_columns(own, {{0, 6}}),
      unit_columns(own, marginals),  unit_columns(own, coexpression),
      unit_columns(copy, marginals), unit_columns(copy, coexpression)};
  ASSERT_EQ(spaces.size(), expected.size());
  for (std::size_t i = 0; i < spaces.size(); ++i) {
    ASSERT_EQ(spaces[i].values.cols(), expected[i].cols()) << spaces[i].name;
    for (Eigen::Index g = 0; g < kNothing; ++g) {
      // Half precision has 11 bits.
      EXPECT_LT(
          (spaces[i].values.row(g) - expected[i].row(g)).cwiseAbs().maxCoeff(),
          1e-3f)
          << spaces[i].name << " " << g;
    }
  }
}

TEST(PartnerSpaces, AreHalvesOfLengthOneOrZero) {
  for (const auto& space : spaces_of(some_data(200))) {
    ASSERT_EQ(space.values.rows(), kGenes);
    for (Eigen::Index g = 0; g < kGenes; ++g) {
      const bool present = space.present[static_cast<std::size_t>(g)] != 0;
      EXPECT_NEAR(space.values.row(g).norm(), present ? 1 : 0, 2e-3)
          << space.name << " " << g;
    }
    EXPECT_EQ(space.values, space.values.unaryExpr(&round_to_half));
  }
}

TEST(PartnerSpaces, AreZeroWhereNothingIsKnownOfAGene) {
  const auto spaces = spaces_of(some_data());
  for (const auto& space : spaces) {
    EXPECT_TRUE(space.values.row(kNothing).isZero(0)) << space.name;
    EXPECT_EQ(space.present[kNothing], 0) << space.name;
  }
  // Its neighbours are measured.
  EXPECT_EQ(spaces[2].present[kUnmeasured], 0);
  EXPECT_EQ(spaces[3].present[kUnmeasured], 0);
  EXPECT_EQ(spaces[1].present[kUnmeasured], 1);
  EXPECT_EQ(spaces[4].present[kUnmeasured], 1);
  EXPECT_EQ(spaces[5].present[kUnmeasured], 1);
}

/// The spaces of `data` as a model of some_data() reads them.
GeneSpaces read_by_model(const Dataset& data) {
  const auto spaces = partner_spaces(data, scalers_of(some_data()), 1);
  EXPECT_EQ(spaces.size(), spaces_of(some_data()).size());
  return spaces;
}

TEST(PartnerSpaces, AreZeroForBlocksThatTheDataLacks) {
  Dataset data = some_data();
  data.blocks.resize(2);  // no expression
  const auto spaces = read_by_model(data);
  for (const std::size_t lacking : {2, 3, 4, 5}) {
    EXPECT_TRUE(spaces[lacking].values.isZero(0)) << spaces[lacking].name;
    EXPECT_EQ(spaces[lacking].present, std::vector<std::uint8_t>(kGenes, 0));
  }
  EXPECT_EQ(spaces[0].values, spaces_of(some_data())[0].values);
}

TEST(PartnerSpaces, SayNothingInTheColumnsOfACohortThatTheDataLacks) {
  Dataset data = some_data();
  data.blocks.resize(5);  // no cohort "two"
  const auto spaces = read_by_model(data);
  for (const std::size_t i : {2, 4}) {
    EXPECT_TRUE(spaces[i].values.rightCols(5).isZero(0)) << spaces[i].name;
    EXPECT_FALSE(spaces[i].values.leftCols(5).isZero(0)) << spaces[i].name;
  }
}

TEST(PartnerSpaces, OfPropagatedFeaturesAreZeroWithoutTheNetwork) {
  Dataset data = some_data();
  data.network = {};
  const auto spaces = read_by_model(data);
  EXPECT_TRUE(spaces[4].values.isZero(0));
  EXPECT_TRUE(spaces[5].values.isZero(0));
  EXPECT_FALSE(spaces[3].values.isZero(0));
  // A model that was trained without one has no such spaces.
  EXPECT_EQ(spaces_of(data).size(), 4U);
}

TEST(PartnerSpaces, KeepTheAnglesOfWideEmbeddingsInFewerColumns) {
  constexpr int kKept = 128;
  const Dataset data = some_data(1000);
  const NodeBlock space = spaces_of(data)[1];
  ASSERT_EQ(space.values.cols(), kKept);
  const Preprocess preprocess = scalers_of(data);
  const Matrix whole =
      unit_columns(node_features(data, preprocess), {{0, 1000}});
  double squares = 0;
  int n = 0;
  for (Eigen::Index a = 0; a < kNothing; ++a) {
    for (Eigen::Index b = a + 1; b < kNothing; ++b, ++n) {
      const double off = space.values.row(a).dot(space.values.row(b)) -
                         whole.row(a).dot(whole.row(b));
      squares += off * off;
      // 5 standard deviations of a cosine under a Gaussian projection.
      EXPECT_LT(std::abs(off), 5 / std::sqrt(kKept)) << a << " " << b;
    }
  }
  EXPECT_LT(std::sqrt(squares / n), 1.2 / std::sqrt(kKept));
}

TEST(PartnerSpaces, OfADatasetThatHasThemAreThose) {
  Dataset data = some_data();
  data.spaces = std::vector<NodeBlock>{random_block("kept", 3, 9)};
  const auto found = spaces_of(data);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "kept");
  EXPECT_EQ(found[0].values, data.spaces[0].values);
}

TEST(PartnerSpaces, OfADatasetWithoutNodeFeaturesAreNone) {
  Dataset data;
  data.n_genes = kGenes;
  EXPECT_TRUE(spaces_of(data).empty());
}

TEST(PartnerSpaces, HaveTheSameBitsForAnyNumberOfThreads) {
  const Dataset data = some_data(200);
  const Preprocess preprocess = scalers_of(data);
  const auto one = partner_spaces(data, preprocess, 1);
  const auto two = partner_spaces(data, preprocess, 2);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].values, two[i].values) << one[i].name;
  }
}

}  // namespace
}  // namespace musl
