#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/matrix.h"
#include "learners/boosted_trees.h"

namespace musl {

/// How fit_boosting() grows trees.
struct BoostingConfig {
  int trees = 150;    // >= 1
  double rate = 0.1;  // shrinkage of each tree, > 0
  int leaves = 31;    // of a tree, at most; >= 2
  int min_leaf = 20;  // rows of a leaf, at least; >= 1
  double l2 = 1.0;    // added to a leaf's sum of Hessians, >= 0
  int bins = 254;     // of a column's values, 2 to 254
  /// One entry a column, or empty: +1 if the score may not fall as the value
  /// rises, -1 if it may not rise, 0 if unconstrained. Missing values are
  /// unconstrained.
  std::vector<int> monotone;
};

/// Gradient boosting of the logistic loss by Newton steps, on histograms of
/// binned columns; trees grow best leaf first.
///
/// x      (B, F), NaN if missing; InputError for infinite values
/// label  (B) 0 or 1, both present (else InputError)
/// weight (B) at least 0, or empty for 1 each; `min_leaf` counts rows
/// go_on  called before each tree; false throws CancelledError
///
/// Rows and columns are not sampled, so there is no seed; the bits do not
/// depend on `threads`. Source: Friedman (2001), Ann Stat 29:1189; Ke et al.
/// (2017), NeurIPS 30, for histograms and growth; Chen and Guestrin (2016),
/// KDD, for the gain and the side of missing values. Monotone columns are
/// bounded as in their software: a split must order its two leaves, and nodes
/// below each leaf stay on its side of the leaves' midpoint.
[[nodiscard]] BoostedTrees fit_boosting(
    const Matrix& x, const std::vector<float>& label,
    const std::vector<float>& weight, const BoostingConfig& config, int threads,
    const std::function<bool()>& go_on = {});

}  // namespace musl
