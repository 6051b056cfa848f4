#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <cmath>
#include <utility>

#include "features/leading_axes.h"
#include "musl/rng.h"

namespace musl {
namespace {

/// Unit rows (n, columns) whose axes matter less and less.
Matrix decaying_rows(Eigen::Index n, Eigen::Index columns) {
  Rng rng(7);
  const auto draw = [&](Eigen::Index height, Eigen::Index width) {
    Matrix out(height, width);
    for (Eigen::Index i = 0; i < out.size(); ++i) {
      out.data()[i] = static_cast<float>(rng.normal());
    }
    return out;
  };
  Matrix scores = draw(n, 200);
  for (Eigen::Index k = 0; k < 200; ++k) {
    scores.col(k) /= std::sqrt(static_cast<float>(k + 1));
  }
  Matrix rows = scores * draw(200, columns) + .1F * draw(n, columns);
  rows.rowwise().normalize();
  return rows;
}

/// Sum of the largest squared singular values, and of all.
std::pair<double, double> squares_of(const Matrix& rows) {
  const Eigen::BDCSVD<Eigen::MatrixXf> svd(rows);
  const auto squares = svd.singularValues().array().square();
  return {squares.head(kProfileAxes).sum(), squares.sum()};
}

TEST(LeadingAxes, FewColumnsStay) {
  const Matrix rows = decaying_rows(20, kProfileAxes);
  EXPECT_EQ(on_leading_axes(rows, 2), rows);
}

TEST(LeadingAxes, KeepTheMostThatSoManyAxesCan) {
  for (const Eigen::Index columns : {kExactColumns, kExactColumns + 1}) {
    const Matrix rows = decaying_rows(300, columns);
    const Matrix kept = on_leading_axes(rows, 2);
    ASSERT_EQ(kept.cols(), kProfileAxes);
    const auto [most, all] = squares_of(rows);
    ASSERT_LT(most, .99 * all);
    EXPECT_LE(kept.squaredNorm(), most * 1.0001);
    EXPECT_GE(kept.squaredNorm(), most * .999);
  }
}

TEST(LeadingAxes, IterationGivesTheProductsOfTheExactAxes) {
  const Matrix rows = decaying_rows(300, kExactColumns + 200);
  const Eigen::BDCSVD<Eigen::MatrixXf> svd(rows, Eigen::ComputeThinV);
  const Matrix exact = rows * svd.matrixV().leftCols(kProfileAxes);
  const Matrix kept = on_leading_axes(rows, 2);
  const Matrix difference = kept * kept.transpose() - exact * exact.transpose();
  // Of products between -1 and 1.
  EXPECT_LT(difference.norm() / 300, .003);
}

TEST(LeadingAxes, BitsDoNotDependOnThreads) {
  const Matrix rows = decaying_rows(1500, kExactColumns + 100);
  EXPECT_EQ(on_leading_axes(rows, 1), on_leading_axes(rows, 3));
}

}  // namespace
}  // namespace musl
