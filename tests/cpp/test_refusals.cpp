#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/dataset.h"
#include "expression_fixture.h"
#include "judge/judge.h"
#include "judge/kernel_ridge.h"
#include "learners/boosting.h"

// Messages name what is wrong by its place: rows, columns and pairs of the
// user's tables count from 1, indices of genes from 0 to one less than there
// are.

namespace musl {
namespace {

/// What is said of a call; "" if it is fine.
std::string fault(const std::function<void()>& call) {
  try {
    call();
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

/// What is said of a cohort of two genes and three samples.
std::string fault_of(const AssayView& assay,
                     const std::vector<std::int32_t>& genes, bool linear) {
  return fault([&] {
    ExpressionInput input;
    input.name = "bulk";
    input.assays.push_back(assay);
    input.gene_of_row = genes;
    input.linear = linear;
    (void)make_expression_cohort(input, {}, 4, nullptr, /*compact=*/false,
                                 /*threads=*/1);
  });
}

TEST(Refusals, NameTheValueOfACohort) {
  Eigen::MatrixXd x = testing::normal_matrix(2, 3, 1).cwiseAbs();
  const auto said = [&](bool linear) {
    return fault_of({x.data(), 2, 3}, {3, 0}, linear);
  };
  EXPECT_EQ(said(true), "");
  x(1, 2) = -1;
  EXPECT_EQ(said(false), "");
  EXPECT_EQ(said(true),
            "Source \"bulk\" must hold finite values, on the linear scale >= "
            "0: -1.000000 found in assay 1, row 2, sample 3.");
  x(1, 2) = INFINITY;
  EXPECT_EQ(said(false),
            "Source \"bulk\" must hold finite values: inf found in assay 1, "
            "row 2, sample 3.");
}

TEST(Refusals, NameTheRowAndColumnOfASparseMatrixOutOfOrder) {
  const std::vector<double> value{1, 2, 3};
  const std::vector<std::int32_t> start{0, 1, 1, 3};
  const auto said = [&](const std::vector<std::int32_t>& row) {
    return fault_of(AssayView({value.data(), row.data(), start.data(), 2, 3}),
                    {3, 0}, false);
  };
  EXPECT_EQ(said({1, 0, 1}), "");
  const std::string of_column =
      " of column 3 does not. Build the matrix by Matrix::sparseMatrix().";
  const std::string rows =
      "Rows of a sparse column must ascend from 0 to 1; row ";
  EXPECT_EQ(said({1, 0, 0}), rows + "0" + of_column);
  EXPECT_EQ(said({1, 0, 2}), rows + "2" + of_column);
  EXPECT_EQ(said({1, 1, 0}), rows + "0" + of_column);
}

TEST(Refusals, NameTheGeneOfAPair) {
  const auto said = [](std::int32_t b) {
    return fault([&] { check_pairs({{0, 1}, {1, b}, {}}, 3); });
  };
  EXPECT_EQ(said(2), "");
  EXPECT_EQ(said(3), "Gene index 3 of pair 1 is outside 0 to 2.");
  EXPECT_EQ(said(-1), "Gene index -1 of pair 1 is outside 0 to 2.");
  const std::string uneven =
      "Pairs must have as many first as second genes and labels.";
  EXPECT_EQ(fault([] { check_pairs({{0}, {}, {}}, 3); }), uneven);
  EXPECT_EQ(fault([] { check_pairs({{0}, {1}, {1, 0}}, 3); }), uneven);
}

TEST(Refusals, NameTheRowAndColumnOfAFeature) {
  Matrix x = Matrix::Ones(3, 2);
  x(1, 1) = INFINITY;
  EXPECT_EQ(fault([&] {
              (void)fit_boosting(x, {0, 1, 1}, {}, {}, 1);
            }),
            "Features must not be infinite; column 2 is in row 2.");
}

TEST(Refusals, NameTheMetricThatIsNone) {
  const auto said = [](const std::string& name) {
    return fault([&] { (void)parse_metric(name); });
  };
  EXPECT_EQ(parse_metric("ndcg_1").k, 1);
  EXPECT_EQ(parse_metric("map_999999").k, 999999);
  for (const char* name : {"ndcg_0", "ndcg_", "ndcg_1000000", "ndcg_1x",
                           "ndcg_-1", "ndcg", "auroc_10", "recall_10_10", ""}) {
    EXPECT_EQ(said(name), "There is no metric \"" + std::string(name) + "\".");
  }
}

}  // namespace
}  // namespace musl
