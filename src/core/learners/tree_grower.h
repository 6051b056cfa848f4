#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/numbers.h"
#include "learners/boosted_trees.h"
#include "learners/boosting.h"

namespace musl {

/// The columns of a table as codes: value <= cut[c] has a code of at most c.
/// Codes of a column begin at 0; the code after that of the highest values
/// means missing. With that one, all codes of 254 bins fit in a byte.
struct BinnedTable {
  std::int64_t n_rows = 0;
  std::vector<std::vector<float>> cuts;  // F, each ascending
  std::vector<std::uint8_t> codes;       // F columns of n_rows

  [[nodiscard]] std::int64_t n_features() const { return size_of(cuts); }
  [[nodiscard]] const std::uint8_t* column(std::int64_t feature) const {
    return codes.data() + feature * n_rows;
  }
  [[nodiscard]] int missing_code(std::int64_t feature) const {
    return static_cast<int>(cuts[at(feature)].size()) + 1;
  }
};

/// Derivatives of the loss of one row with respect to its score, times its
/// weight.
struct Derivatives {
  double gradient, hessian;
};

/// Grows the trees of one model, best leaf first. A split on a monotone column
/// must order its two leaves, and nodes below each leaf stay on its side of
/// their midpoint.
///
/// differentiate  fills in the derivatives of the rows before each tree
/// score          (rows) to which the values of each tree are added
[[nodiscard]] std::vector<std::vector<TreeNode>> grow_trees(
    const BinnedTable& table, const BoostingConfig& config, int threads,
    const std::function<void(std::vector<Derivatives>*)>& differentiate,
    std::vector<double>* score);

}  // namespace musl
