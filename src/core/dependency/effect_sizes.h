#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.h"
#include "dependency/rank_test.h"

namespace musl {

/// Means of two groups and how far apart they are. Missing values are left out.
struct GroupMeans {
  double loss, rest;              // NaN without a value
  double hedges_g;                // NaN with fewer than two values in a group
  double g_lower, g_upper;        // 95 % interval of hedges_g
  double share_loss, share_rest;  // of the values below a limit
};

/// row    (n) values of a gene
/// limit  shares are of values below it
/// floor  a spread that the pooled variance is widened by, as its square, so
///        that genes that hardly vary have no large effects
///
/// Hedges' g has the correction 1 - 3 / (4 (n - 2) - 1); the interval is that
/// of the normal distribution. Source: Hedges (1981), J Educ Stat 6:107; Hedges
/// and Olkin (1985), chapter 5.
[[nodiscard]] GroupMeans group_means(const double* row, std::int64_t n,
                                     const Group* group, double limit,
                                     double floor);

/// GroupMeans of each gene and anchor: genes vary fastest, then anchors.
///
/// values  (genes x lines)
[[nodiscard]] std::vector<GroupMeans> group_means(
    const RMatrixView& values, const std::vector<std::vector<Group>>& groups,
    double limit, double floor, int threads);

/// The part of a difference that covariates do not explain.
struct AdjustedDifference {
  double value = 0;  // coefficient of the loss; NaN if it can't be told
  double error = 0;  // standard error
  double df = 0;     // degrees of freedom
};

/// Of each gene, the coefficient of the loss in a linear regression of its
/// values on the loss and the covariates, over the lines of both groups with a
/// value. Columns of covariates that others explain are left out.
///
/// values      (genes x lines)
/// group       (lines)
/// covariates  (lines x covariates), without NaN; the intercept is one of them
/// floor       as in group_means(), of the residuals
[[nodiscard]] std::vector<AdjustedDifference> adjusted_differences(
    const RMatrixView& values, const std::vector<Group>& group,
    const RMatrixView& covariates, double floor, int threads);

}  // namespace musl
