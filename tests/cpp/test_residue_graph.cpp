#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/numbers.h"
#include "base/rng.h"
#include "muse/residue_codes.h"
#include "muse/residue_features.h"
#include "muse/residue_graph.h"
#include "random_chain.h"

namespace musl {
namespace {

constexpr float kPull = 0.06F;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
const std::string kLetters = "ACDEFGHIKLMNPQRSTVWYX";

std::string random_sequence(std::int64_t length, Rng* rng) {
  std::string sequence;
  while (static_cast<std::int64_t>(sequence.size()) < length) {
    sequence += kLetters[rng->below(kLetters.size())];
  }
  return sequence;
}

std::vector<std::pair<double, int>> neighbours_by_search(const Matrix& place,
                                                         Eigen::Index i) {
  std::vector<std::pair<double, int>> near;
  for (Eigen::Index j = 0; j < place.rows(); ++j) {
    double squared = 0.0;
    for (int k = 0; k < 3; ++k) {
      const double d = static_cast<double>(place(i, k)) - place(j, k);
      squared += d * d;
    }
    // A NaN is within no distance.
    if (j != i && squared <= 100.0) {
      near.emplace_back(squared, static_cast<int>(j));
    }
  }
  std::sort(near.begin(), near.end());
  if (near.size() > 32) near.resize(32);
  return near;
}

Matrix features_of(const ResidueGraph& graph) {
  Matrix out(graph.length(), kResidueColumns + graph.user.cols());
  residue_features(graph, out.data());
  return out;
}

Matrix edges_of(const ResidueGraph& graph) {
  Matrix out(graph.n_edges(), kEdgeColumns);
  edge_features(graph, out.data());
  return out;
}

TEST(ResidueGraph, HasTheNeighboursOfASearchOfAllPairs) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Rng rng(seed);
    auto place = random_chain(400, &rng, kPull);
    for (int k = 0; k < 12; ++k) {
      place(static_cast<Eigen::Index>(rng.below(400)), k % 3) = kMissing;
    }
    const auto graph = make_residue_graph(random_sequence(400, &rng), place);
    bool capped = false;
    for (Eigen::Index i = 0; i < 400; ++i) {
      const auto expected = neighbours_by_search(place, i);
      const auto first = graph.offset[static_cast<std::size_t>(i)];
      ASSERT_EQ(graph.offset[static_cast<std::size_t>(i) + 1] - first,
                static_cast<std::int64_t>(expected.size()));
      capped = capped || expected.size() == 32;
      for (std::size_t k = 0; k < expected.size(); ++k) {
        const auto e = static_cast<std::size_t>(first) + k;
        EXPECT_EQ(graph.neighbour[e], expected[k].second);
        EXPECT_NEAR(graph.distance[e], std::sqrt(expected[k].first), 1e-5);
      }
    }
    EXPECT_TRUE(capped);  // crowded enough to meet the cap
  }
}

TEST(ResidueGraph, OrientationsFollowTheColumnsOfAnEdge) {
  Rng rng(9);
  auto graph =
      make_residue_graph(random_sequence(30, &rng), random_chain(30, &rng));
  const Matrix plain = edges_of(graph);
  graph.orientation = Matrix(graph.n_edges(), 3);
  for (Eigen::Index i = 0; i < graph.orientation.size(); ++i) {
    graph.orientation.data()[i] = static_cast<float>(rng.normal());
  }
  Matrix all(graph.n_edges(), kEdgeColumns + 3);
  edge_features(graph, all.data());
  EXPECT_EQ(Matrix(all.leftCols(kEdgeColumns)), plain);
  EXPECT_EQ(Matrix(all.rightCols(3)), graph.orientation);
}

TEST(ResidueGraph, HasResiduesAtTheRadiusAndNoneBeyond) {
  Matrix place(4, 3);
  place << 0, 0, 0, 3, 4, 0, 3, 4, 0.125F, 0, 0, kFloatNaN;
  EXPECT_EQ(Trace(place).near(0, /*radius=*/5), (NearResidues{{25, 1}}));
}

TEST(ResidueGraph, TakesTheEarlierOfResiduesAtOneDistance) {
  Matrix place = Matrix::Zero(50, 3);
  place.row(0) << 0, 0, 0;
  for (int i = 1; i < 50; ++i) place(i, 0) = 5.0F;  // all at one place
  const auto graph = make_residue_graph(std::string(50, 'A'), place);
  ASSERT_EQ(graph.offset[1], 32);
  for (int k = 0; k < 32; ++k) {
    EXPECT_EQ(graph.neighbour[static_cast<std::size_t>(k)], k + 1);
  }
}

/// An ideal alpha helix: 3.6 residues a turn, a rise of 1.5 Angstrom, a radius
/// of 2.3, right-handed.
Matrix helix(std::int64_t length, double hand) {
  const double turn = 2.0 * M_PI / 3.6;
  Matrix place(length, 3);
  for (Eigen::Index i = 0; i < length; ++i) {
    const double t = turn * static_cast<double>(i);
    place.row(i) << static_cast<float>(2.3 * std::cos(t)),
        static_cast<float>(hand * 2.3 * std::sin(t)),
        static_cast<float>(1.5 * static_cast<double>(i));
  }
  return place;
}

TEST(ResidueGraph, KnowsTheAnglesOfAnAlphaHelix) {
  const auto graph = make_residue_graph(std::string(12, 'A'), helix(12, 1.0));
  const Eigen::RowVectorXf row = features_of(graph).row(5);
  // C-alpha angle and dihedral of an ideal helix: about 91 and 50 degrees.
  const double bend = std::atan2(row[27], row[28]) * 180.0 / M_PI;
  const double before = std::atan2(row[29], row[30]) * 180.0 / M_PI;
  const double after = std::atan2(row[31], row[32]) * 180.0 / M_PI;
  EXPECT_NEAR(bend, 91.0, 2.0);
  EXPECT_NEAR(before, 50.0, 2.0);
  EXPECT_NEAR(after, before, 1e-3);
}

TEST(ResidueGraph, AMirrorImageTurnsTheSinesOfDihedralsAlone) {
  Rng rng(3);
  const auto place = random_chain(60, &rng, kPull);
  Matrix mirror = place;
  mirror.col(2) *= -1.0F;
  const auto sequence = random_sequence(60, &rng);
  const auto graph = make_residue_graph(sequence, place);
  const auto other = make_residue_graph(sequence, mirror);
  auto features = features_of(other);
  features.col(29) *= -1.0F;
  features.col(31) *= -1.0F;
  EXPECT_LT((features - features_of(graph)).cwiseAbs().maxCoeff(), 1e-6);
  EXPECT_GT(features_of(graph).col(29).cwiseAbs().maxCoeff(), 0.5);
  EXPECT_EQ(edges_of(other), edges_of(graph));
}

TEST(ResidueGraph, TurningAndMovingAChainLeavesItsGraph) {
  Rng rng(4);
  const auto place = random_chain(80, &rng, kPull);
  // A rotation by thirds: x to y, y to z, z to x, which is exact.
  Matrix turned(80, 3);
  turned << place.col(2), place.col(0), place.col(1);
  const auto sequence = random_sequence(80, &rng);
  const auto graph = make_residue_graph(sequence, place);
  const auto other = make_residue_graph(sequence, turned);
  EXPECT_EQ(graph.neighbour, other.neighbour);
  EXPECT_LT((features_of(graph) - features_of(other)).cwiseAbs().maxCoeff(),
            1e-6);
  EXPECT_LT((edges_of(graph) - edges_of(other)).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(ResidueGraph, HasFeaturesByTheirFormulas) {
  Matrix place(3, 3), user(3, 2);
  place << 0, 0, 0, 3.8F, 0, 0, 3.8F, 3.8F, 0;
  user << 1, 2, 3, 4, 5, 6;
  const auto graph = make_residue_graph("aXw", place, user);
  const auto features = features_of(graph);
  ASSERT_EQ(features.cols(), 35);
  EXPECT_EQ(features(0, 0), 1.0F);   // A
  EXPECT_EQ(features(2, 18), 1.0F);  // W
  EXPECT_EQ(features.row(0).head(20).sum(), 1.0F);
  EXPECT_EQ(features.row(1).head(27).cwiseAbs().sum(), 0.0F);  // X
  EXPECT_FLOAT_EQ(features(0, 20), 1.8F / 4.5F);  // hydropathy of alanine
  EXPECT_FLOAT_EQ(features(2, 26), 1.0F);         // tryptophan's ring
  EXPECT_NEAR(features(1, 27), 1.0, 1e-6);        // a right angle
  EXPECT_NEAR(features(1, 28), 0.0, 1e-6);
  EXPECT_EQ(features.row(1).segment(29, 4).cwiseAbs().sum(), 0.0F);
  EXPECT_EQ(features(1, 33), 3.0F);
  EXPECT_EQ(features(2, 34), 6.0F);

  const auto edges = edges_of(graph);
  ASSERT_EQ(edges.rows(), 6);  // all within 10 Angstrom
  EXPECT_EQ(graph.neighbour, (std::vector<std::int32_t>{1, 2, 0, 2, 1, 0}));
  for (int k = 0; k < 16; ++k) {
    const double x = (3.8 - 20.0 * k / 15.0) / 1.25;
    EXPECT_NEAR(edges(0, k), std::exp(-x * x), 1e-5);
  }
  EXPECT_NEAR(edges(1, 16), std::sin(2.0), 1e-6);
  EXPECT_NEAR(edges(1, 17), std::cos(2.0), 1e-6);
  EXPECT_NEAR(edges(5, 18), std::sin(-0.2), 1e-6);
  EXPECT_NEAR(edges(5, 21), std::cos(-0.02), 1e-6);
}

TEST(ResidueGraph, LeavesAnglesOutWhereThereAreNone) {
  Matrix line = Matrix::Zero(6, 3);
  for (int i = 0; i < 6; ++i) line(i, 0) = 3.8F * static_cast<float>(i);
  auto features = features_of(make_residue_graph("AAAAAA", line));
  EXPECT_EQ(features.middleCols(29, 4).cwiseAbs().maxCoeff(), 0.0F);
  EXPECT_NEAR(features(2, 28), -1.0, 1e-6);  // straight

  Rng rng(1);
  auto place = random_chain(9, &rng, kPull);
  place(4, 1) = kMissing;
  features = features_of(make_residue_graph("AAAAAAAAA", place));
  EXPECT_TRUE(features.allFinite());
  EXPECT_EQ(features.row(4).tail(6).cwiseAbs().sum(), 0.0F);
  EXPECT_EQ(features.row(3).tail(6).head(2).cwiseAbs().sum(), 0.0F);
  EXPECT_NE(features(2, 29), features(2, 31));  // only the second is absent
  EXPECT_EQ(features(2, 31), 0.0F);
}

TEST(ResidueGraph, ResiduesAtOnePlaceHaveNoAngles) {
  Rng rng(1);
  auto place = random_chain(9, &rng, kPull);
  place.row(4) = place.row(3);
  const auto features = features_of(make_residue_graph("AAAAAAAAA", place));
  EXPECT_TRUE(features.allFinite());
  // Angles at either of the two, and dihedrals with the step between them.
  for (const Eigen::Index i : {3, 4}) {
    EXPECT_EQ(features.row(i).segment(27, 6).cwiseAbs().sum(), 0.0F) << i;
  }
  for (const Eigen::Index i : {2, 5}) {
    EXPECT_NE(features(i, 28), 0.0F) << i;
    EXPECT_EQ(features(i, i == 2 ? 31 : 29), 0.0F) << i;
  }
}

TEST(ResidueGraph, TakesOneResidueAndMissingOnes) {
  const auto one = make_residue_graph("M", Matrix::Zero(1, 3));
  EXPECT_EQ(one.length(), 1);
  EXPECT_EQ(one.n_edges(), 0);
  EXPECT_EQ(one.offset, (std::vector<std::int64_t>{0, 0}));
  Matrix place = Matrix::Zero(3, 3);
  place.row(1).setConstant(kMissing);
  const auto gap = make_residue_graph("MKV", place);
  EXPECT_EQ(gap.offset, (std::vector<std::int64_t>{0, 1, 1, 2}));
  EXPECT_EQ(gap.neighbour, (std::vector<std::int32_t>{2, 0}));
}

TEST(ResidueGraph, RefusesWhatIsNoChain) {
  const Matrix three = Matrix::Zero(3, 3);
  EXPECT_THROW((void)make_residue_graph("", Matrix(0, 3)), InputError);
  EXPECT_THROW((void)make_residue_graph("MK", three), ShapeError);
  EXPECT_THROW((void)make_residue_graph("MKV", Matrix::Zero(3, 2)), ShapeError);
  EXPECT_THROW((void)make_residue_graph("MKV", three, Matrix::Zero(2, 1)),
               ShapeError);
  EXPECT_THROW((void)make_residue_graph("MK1", three), InputError);
  EXPECT_THROW((void)make_residue_graph("MK*", three), InputError);
  EXPECT_THROW(
      (void)make_residue_graph("MKV", Matrix::Constant(3, 3, kMissing)),
      InputError);
  EXPECT_THROW(
      (void)make_residue_graph("MKV", Matrix::Constant(3, 3, -HUGE_VALF)),
      InputError);
  EXPECT_THROW((void)make_residue_graph("MKV", Matrix::Constant(3, 3, 2e6F)),
               InputError);
  EXPECT_THROW(
      (void)make_residue_graph("MKV", three, Matrix::Constant(3, 1, kMissing)),
      InputError);
  EXPECT_EQ(residue_codes(std::string(30000, 'A')).size(), 30000U);
  EXPECT_THROW((void)residue_codes(std::string(30001, 'A')), InputError);
  try {
    (void)residue_codes("MK-V");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("`-` at place 3"),
              std::string::npos);
  }
}

TEST(ResidueGraph, HandlesTheLongestChain) {
  Rng rng(2);
  const auto graph = make_residue_graph(
      random_sequence(30000, &rng), 30.0F * random_chain(30000, &rng, kPull));
  EXPECT_EQ(graph.length(), 30000);
}

TEST(ResidueGraph, ResidueCodesAreThoseOfTheAlphabet) {
  const std::string order = "ACDEFGHIKLMNPQRSTVWY";
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(residue_code(order[static_cast<std::size_t>(i)]), i);
  }
  for (const char letter : {'X', 'x', 'B', 'J', 'O', 'U', 'Z'}) {
    EXPECT_EQ(residue_code(letter), kUnknownResidue);
  }
  for (const char letter : {'*', '-', '.', ' ', '\0', '\xe9', '@', '['}) {
    EXPECT_EQ(residue_code(letter), -1);
  }
}

TEST(ResidueGraph, HoldsTheColumnsOfTheUser) {
  Rng rng(2);
  const Matrix chain = random_chain(4, &rng);
  for (const Eigen::Index columns : {1, 2}) {
    const Matrix user = Matrix::Constant(4, columns, 3);
    EXPECT_EQ(make_residue_graph("ACDE", chain, user).user, user);
  }
  const Matrix none = make_residue_graph("ACDE", chain, {}).user;
  EXPECT_EQ(none.rows(), 4);
  EXPECT_EQ(none.cols(), 0);
}

}  // namespace
}  // namespace musl
