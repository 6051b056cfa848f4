#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/matrix.h"

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

/// A node of a tree. Values <= threshold go left; missing values (NaN) go left
/// if `missing_left`. A leaf (feature -1) adds `value`; an inner node stores
/// the value that it would add as a leaf.
struct TreeNode {
  std::int32_t feature = -1;
  float threshold = 0;
  bool missing_left = false;
  std::int32_t left = -1;
  std::int32_t right = -1;
  double value = 0;
};

/// A sum of regression trees on the scale of log-odds; node 0 is a tree's root.
struct BoostedTrees {
  double base = 0;
  std::int64_t n_features = 0;
  std::vector<std::vector<TreeNode>> trees;
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

/// Log-odds of each row of x (B, F).
[[nodiscard]] std::vector<double> predict_boosting(const BoostedTrees& model,
                                                   const Matrix& x,
                                                   int threads = 1);

/// Scores of rows, and one part of each score.
struct BoostingParts {
  std::vector<double> score;  // (B) as of predict_boosting()
  std::vector<double> part;   // (B)
};

/// What the `chosen` columns (F, 0 or 1) add to each row's log-odds: the
/// changes of node value along its paths. The parts of two complementary sets
/// of columns, the base and the values of the roots sum to the score. Source:
/// Saabas (2014), Interpreting random forests.
[[nodiscard]] BoostingParts boosting_parts(
    const BoostedTrees& model, const Matrix& x,
    const std::vector<std::uint8_t>& chosen, int threads = 1);

/// Under names that begin with `name`.
void put_trees(const std::string& name, const BoostedTrees& model,
               Archive* archive);
/// FormatError for trees that are missing, inconsistent or without an end.
[[nodiscard]] BoostedTrees read_trees(const std::string& name,
                                      std::int64_t n_features,
                                      const Archive& archive);

}  // namespace musl
