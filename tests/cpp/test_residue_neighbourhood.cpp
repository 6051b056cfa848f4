#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "muse/residue_graph.h"
#include "muse/residue_neighbourhood.h"
#include "random_chain.h"

namespace musl {
namespace {

constexpr Eigen::Index kLength = 70;

Matrix chain() {
  Rng rng(3);
  return random_chain(kLength, &rng);
}

/// Residues within a radius, by all distances.
int slow_count(const Matrix& place, Eigen::Index i, float radius) {
  int n = 0;
  for (Eigen::Index j = 0; j < place.rows(); ++j) {
    if (j != i && (place.row(j) - place.row(i)).norm() <= radius) ++n;
  }
  return n;
}

TEST(ResidueNeighbourhood, CountsAreThoseOfAllDistances) {
  const Matrix place = chain(), found = residue_neighbourhood(place);
  ASSERT_EQ(found.cols(), kNeighbourhood);
  for (Eigen::Index i = 0; i < kLength; ++i) {
    EXPECT_FLOAT_EQ(found(i, 0), slow_count(place, i, 6) / 6.0F);
    EXPECT_FLOAT_EQ(found(i, 1), slow_count(place, i, 10) / 20.0F);
    EXPECT_FLOAT_EQ(found(i, 3), slow_count(place, i, 20) / 110.0F);
    // Both half spheres make one of 13 Angstrom, but at the ends.
    if (i == 0 || i == kLength - 1) continue;
    EXPECT_FLOAT_EQ(found(i, 4) + found(i, 5),
                    slow_count(place, i, 13) / 25.0F);
  }
}

TEST(ResidueNeighbourhood, MiddlesAreThoseOfAllDistances) {
  const Matrix place = chain(), found = residue_neighbourhood(place);
  const Eigen::RowVector3f middle = place.colwise().mean();
  const float spread = std::sqrt(
      (place.rowwise() - middle).rowwise().squaredNorm().sum() / kLength);
  const std::array<float, 3> radius = {10, 14, 20}, over = {5, 7, 10};
  for (Eigen::Index i = 0; i < kLength; ++i) {
    for (std::size_t r = 0; r < radius.size(); ++r) {
      Eigen::RowVector3f sum = Eigen::RowVector3f::Zero();
      for (Eigen::Index j = 0; j < kLength; ++j) {
        const Eigen::RowVector3f step = place.row(j) - place.row(i);
        if (step.norm() <= radius[r]) sum += step;
      }
      const auto n =
          static_cast<float>(std::max(slow_count(place, i, radius[r]), 1));
      EXPECT_NEAR(found(i, 6 + static_cast<Eigen::Index>(r)),
                  sum.norm() / n / over[r], 1e-4);
    }
    const float away = (place.row(i) - middle).norm();
    EXPECT_NEAR(found(i, 9), away / 20, 1e-4);
    EXPECT_NEAR(found(i, 11), away / spread, 1e-4);
    EXPECT_NEAR(found(i, 12), std::log(70.0) / 7, 1e-6);
    EXPECT_NEAR(found(i, 13), std::min(i, kLength - 1 - i) / 50.0, 1e-6);
  }
}

TEST(ResidueNeighbourhood, CosineIsThatOfTheWayFromTheMiddle) {
  const Matrix place = chain(), found = residue_neighbourhood(place);
  EXPECT_EQ(found(0, 10), 0);
  EXPECT_EQ(found(kLength - 1, 10), 0);
  for (Eigen::Index i = 1; i + 1 < kLength; ++i) {
    const Eigen::RowVector3f back = place.row(i) - place.row(i - 1);
    const Eigen::RowVector3f on = place.row(i) - place.row(i + 1);
    Eigen::RowVector3f sum = Eigen::RowVector3f::Zero();
    for (Eigen::Index j = 0; j < kLength; ++j) {
      const Eigen::RowVector3f step = place.row(j) - place.row(i);
      if (step.norm() <= 14) sum += step;
    }
    const Eigen::RowVector3f outward = back.normalized() + on.normalized();
    EXPECT_NEAR(found(i, 10), outward.normalized().dot(-sum.normalized()),
                1e-4);
  }
}

TEST(ResidueNeighbourhood, OutwardPointsAwayFromBothNeighbours) {
  // The middle residue's outward direction is up; one residue stands above.
  Matrix place(5, 3);
  place << -3, -2, 0, 0, 0, 0, 3, -2, 0, 0, 4, 0, 0, 50, 0;
  const Matrix found = residue_neighbourhood(place);
  EXPECT_FLOAT_EQ(found(1, 4), 1 / 25.0F);
  EXPECT_FLOAT_EQ(found(1, 5), 2 / 25.0F);
  // Mean of the three near ones is the point itself in height.
  EXPECT_NEAR(found(1, 7), 0.0F, 1e-6F);
}

TEST(ResidueNeighbourhood, TurnedMovedAndMirroredChainsAreAlike) {
  const Matrix place = chain(), found = residue_neighbourhood(place);
  EXPECT_LT((residue_neighbourhood(moved_chain(place)) - found).norm(), 1e-3);
  Matrix mirror = place;
  mirror.col(0) *= -1;
  EXPECT_LT((residue_neighbourhood(mirror) - found).norm(), 1e-4);
}

TEST(ResidueNeighbourhood, MissingResiduesAreZeroAndNobodysNeighbour) {
  Matrix place = chain();
  place.row(10).setConstant(std::numeric_limits<float>::quiet_NaN());
  const Matrix found = residue_neighbourhood(place);
  EXPECT_TRUE(found.allFinite());
  EXPECT_EQ(found.row(10).cwiseAbs().sum(), 0);
  EXPECT_EQ(found(9, 4), 0);  // without a direction there are no half spheres
  const Matrix one = residue_neighbourhood(Matrix::Zero(1, 3));
  EXPECT_TRUE(one.allFinite());
}

TEST(EdgeOrientations, AreThoseOfFramesMadeByHand) {
  Matrix place(6, 3);
  place << 0, 0, 0, 1, 1, 0, 2, 0, 0, 6, 0, 2, 7, 1, 2, 8, 0, 2;
  const ResidueGraph graph = make_residue_graph("AAAAAA", place);
  const Matrix found = edge_orientations(graph, place);
  ASSERT_EQ(found.rows(), graph.n_edges());
  for (auto e = graph.offset[1]; e < graph.offset[2]; ++e) {
    if (graph.neighbour[static_cast<std::size_t>(e)] != 4) continue;
    // Outward is y and along is x, so that across is -z; both frames are alike.
    const float length = std::sqrt(36.0F + 4.0F);
    EXPECT_NEAR(found(e, 0), 0, 1e-6);
    EXPECT_NEAR(found(e, 1), 6 / length, 1e-6);
    EXPECT_NEAR(found(e, 2), -2 / length, 1e-6);
    EXPECT_NEAR(found(e, 4), -6 / length, 1e-6);
    EXPECT_NEAR(found(e, 5), 2 / length, 1e-6);
    EXPECT_NEAR(found(e, 6), 1, 1e-6);
    EXPECT_NEAR(found(e, 7), 1, 1e-6);
    return;
  }
  FAIL() << "there is no such edge";
}

}  // namespace
}  // namespace musl
