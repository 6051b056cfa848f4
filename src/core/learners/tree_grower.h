#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "musl/boosting.h"

namespace musl {

/// With one code for missing values, all codes fit in a byte.
inline constexpr int kMostBins = 254;

/// The columns of a table as codes: value <= cut[c] has a code of at most c.
/// Codes of a column begin at 0; the code after that of the highest values
/// means missing.
struct BinnedTable {
  std::int64_t n_rows = 0;
  std::vector<std::vector<float>> cuts;  // F, each ascending
  std::vector<std::uint8_t> codes;       // F columns of n_rows

  [[nodiscard]] std::int64_t n_features() const {
    return static_cast<std::int64_t>(cuts.size());
  }
  [[nodiscard]] const std::uint8_t* column(std::int64_t feature) const {
    return codes.data() + feature * n_rows;
  }
  [[nodiscard]] int missing_code(std::int64_t feature) const {
    return static_cast<int>(cuts[static_cast<std::size_t>(feature)].size()) + 1;
  }
};

/// Derivatives of the loss of one row with respect to its score, times its
/// weight.
struct Derivatives {
  double gradient, hessian;
};

/// Sums over the rows of a bin or leaf: gradient, Hessian, number.
struct LeafSums {
  double gradient = 0;
  double hessian = 0;
  std::int64_t n = 0;

  LeafSums& operator+=(const LeafSums& other) {
    gradient += other.gradient;
    hessian += other.hessian;
    n += other.n;
    return *this;
  }
  friend LeafSums operator-(LeafSums left, const LeafSums& right) {
    left.gradient -= right.gradient;
    left.hessian -= right.hessian;
    left.n -= right.n;
    return left;
  }
};

/// Range of a leaf's value that keeps the tree monotone.
struct LeafBounds {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

/// Grows the trees of one model, best leaf first, reusing buffers. A split on a
/// monotone column must order its two leaves, and nodes below each leaf stay on
/// its side of their midpoint.
class TreeGrower {
 public:
  TreeGrower(const BinnedTable& table, const BoostingConfig& config,
             int threads);

  /// Grows one tree and adds its values to the scores of the rows.
  std::vector<TreeNode> grow(const std::vector<Derivatives>& derivatives,
                             std::vector<double>* score);

 private:
  struct Split {
    double gain = 0;
    std::int32_t feature = -1;
    int code = 0;  // codes <= this one go left
    bool missing_left = false;
    LeafSums left;
  };
  /// A leaf that may still be split.
  struct Leaf {
    std::int32_t node = 0;
    std::size_t first = 0, last = 0;  // its rows in rows_
    LeafSums sums;
    LeafBounds bounds;
    /// For each column one entry per code, from begin_.
    std::vector<LeafSums> histogram;
    Split best;
  };

  [[nodiscard]] std::size_t most_gain() const;
  void count(const std::vector<Derivatives>& derivatives, Leaf* leaf);
  [[nodiscard]] int threads_for(std::size_t n_rows) const;
  [[nodiscard]] std::size_t begin_of(std::int64_t feature) const {
    return begin_[static_cast<std::size_t>(feature)];
  }
  [[nodiscard]] int direction(std::int64_t feature) const;
  void find_best(Leaf* leaf) const;
  template <class Steps>
  void find_best_by(const Steps& steps, Leaf* leaf) const;
  template <class Steps>
  void scan(std::int64_t feature, bool missing_left, const Steps& steps,
            Leaf* leaf) const;
  [[nodiscard]] bool goes_left(const Split& split, std::int32_t row) const;
  void split(std::size_t at, const std::vector<Derivatives>& derivatives);
  void bound_children(const Split& split, const LeafBounds& bounds, Leaf* left,
                      Leaf* right) const;
  void fill_histograms(const std::vector<Derivatives>& derivatives,
                       Leaf* parent, Leaf* small, Leaf* large);
  void write_node(const Leaf& parent, const Split& split);
  void finish(std::vector<double>* score);

  const BinnedTable& table_;
  const BoostingConfig& config_;
  int threads_;
  std::vector<std::size_t> begin_{0};  // (F + 1) in a leaf's histogram
  std::vector<std::int32_t> rows_;
  std::vector<Derivatives> gathered_;
  std::vector<TreeNode> nodes_;
  std::vector<Leaf> leaves_;
  std::vector<std::vector<LeafSums>> spare_;  // histograms to use again
};

}  // namespace musl
