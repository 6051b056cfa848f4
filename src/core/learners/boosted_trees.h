#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"

namespace musl {

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

}  // namespace musl
