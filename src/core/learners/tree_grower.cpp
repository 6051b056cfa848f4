#include "learners/tree_grower.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/numbers.h"
#include "base/parallel.h"
#include "learners/boosted_trees.h"

namespace musl {

namespace {

// Gains this close differ only by rounding: the first column is used.
constexpr double kLeastGain = 1e-10;

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

/// Values of leaves without constraints.
struct FreeSteps {
  double l2;

  /// Twice the reduction of the loss by the leaf's value.
  [[nodiscard]] double strength(const LeafSums& sums) const {
    return sums.gradient * sums.gradient / (sums.hessian + l2);
  }
  [[nodiscard]] static bool in_order(int /*way*/, const LeafSums& /*left*/,
                                     const LeafSums& /*right*/) {
    return true;
  }
};

/// The same if a leaf's value must lie within bounds.
struct BoundSteps {
  double l2;
  LeafBounds bounds;

  /// The Newton step.
  [[nodiscard]] double value(const LeafSums& sums) const {
    const double step = -sums.gradient / (sums.hessian + l2);
    return std::clamp(step, bounds.lower, bounds.upper);
  }
  [[nodiscard]] double strength(const LeafSums& sums) const {
    const double v = value(sums);
    return -v * (2 * sums.gradient + (sums.hessian + l2) * v);
  }
  /// Whether the values rise (way 1) or fall (way -1); 0: either.
  [[nodiscard]] bool in_order(int way, const LeafSums& left,
                              const LeafSums& right) const {
    return way == 0 || way * (value(right) - value(left)) >= 0;
  }
};

/// Grows trees, reusing buffers.
class TreeGrower {
 public:
  TreeGrower(const BinnedTable& table, const BoostingConfig& config,
             int threads)
      : table_(table), config_(config), threads_(threads) {
    rows_.resize(at(table.n_rows));
    for (std::int64_t f = 0; f < table.n_features(); ++f) {
      const auto n_codes = at(table.missing_code(f)) + 1;
      begin_.push_back(begin_.back() + n_codes);
    }
  }

  /// Grows one tree and adds its values to the scores of the rows.
  std::vector<TreeNode> grow(const std::vector<Derivatives>& derivatives,
                             std::vector<double>* score) {
    std::iota(rows_.begin(), rows_.end(), 0);
    nodes_.assign(1, TreeNode{});
    for (Leaf& leaf : leaves_) spare_.push_back(std::move(leaf.histogram));
    leaves_.clear();
    Leaf root;
    root.last = rows_.size();
    for (const auto& d : derivatives) {
      root.sums += LeafSums{d.gradient, d.hessian, 1};
    }
    count(derivatives, &root);
    find_best(&root);
    leaves_.push_back(std::move(root));
    while (static_cast<int>(leaves_.size()) < config_.leaves) {
      const std::size_t leaf = most_gain();
      if (leaves_[leaf].best.feature < 0) break;
      split(leaf, derivatives);
    }
    finish(score);
    return std::move(nodes_);
  }

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

  [[nodiscard]] std::size_t most_gain() const {
    const auto best = std::max_element(
        leaves_.begin(), leaves_.end(),
        [](const Leaf& x, const Leaf& y) { return x.best.gain < y.best.gain; });
    return at(best - leaves_.begin());
  }
  /// The histograms of a leaf, from its rows.
  void count(const std::vector<Derivatives>& derivatives, Leaf* leaf) {
    const std::size_t n = leaf->last - leaf->first;
    // In the order of the leaf's rows, so that each column reads them straight.
    gathered_.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      gathered_[i] = derivatives[at(rows_[leaf->first + i])];
    }
    const std::int64_t features = table_.n_features();
    // Megabytes per leaf: allocating them each time would cost more in page
    // faults than the counting.
    if (!spare_.empty()) {
      leaf->histogram = std::move(spare_.back());
      spare_.pop_back();
    }
    leaf->histogram.resize(begin_.back());
    const std::int32_t* rows = rows_.data() + leaf->first;
    parallel_for(features, threads_for(n), [&](std::int64_t feature) {
      LeafSums* histogram = leaf->histogram.data() + begin_of(feature);
      std::fill(histogram, leaf->histogram.data() + begin_of(feature + 1),
                LeafSums{});
      const std::uint8_t* codes = table_.column(feature);
      for (std::size_t i = 0; i < n; ++i) {
        LeafSums& bin = histogram[codes[rows[i]]];
        bin.gradient += gathered_[i].gradient;
        bin.hessian += gathered_[i].hessian;
        ++bin.n;
      }
    });
  }
  // Starting threads costs more than a small leaf's work.
  [[nodiscard]] int threads_for(std::size_t n_rows) const {
    const auto work =
        static_cast<double>(n_rows) * static_cast<double>(table_.n_features());
    return work < 1e6 ? 1 : threads_;
  }
  [[nodiscard]] std::size_t begin_of(std::int64_t feature) const {
    return begin_[at(feature)];
  }

  [[nodiscard]] int direction(std::int64_t feature) const {
    return config_.monotone.empty() ? 0 : config_.monotone[at(feature)];
  }
  void find_best(Leaf* leaf) const {
    if (config_.monotone.empty()) {
      find_best_by(FreeSteps{config_.l2}, leaf);
    } else {
      find_best_by(BoundSteps{config_.l2, leaf->bounds}, leaf);
    }
  }
  template <class Steps>
  void find_best_by(const Steps& steps, Leaf* leaf) const {
    leaf->best = Split{};
    for (std::int64_t f = 0; f < table_.n_features(); ++f) {
      const LeafSums* bins = leaf->histogram.data() + begin_of(f);
      scan(f, /*missing_left=*/false, steps, leaf);
      if (bins[table_.missing_code(f)].n > 0) {
        scan(f, /*missing_left=*/true, steps, leaf);
      }
    }
  }
  /// All splits of one feature with the missing values on one side.
  template <class Steps>
  void scan(std::int64_t feature, bool missing_left, const Steps& steps,
            Leaf* leaf) const {
    const LeafSums* histogram = leaf->histogram.data() + begin_of(feature);
    const int n_codes = table_.missing_code(feature);
    const double whole = steps.strength(leaf->sums);
    const int way = direction(feature);
    LeafSums left;
    if (missing_left) left += histogram[n_codes];
    for (int code = 0; code < n_codes; ++code) {
      left += histogram[code];
      const LeafSums right = leaf->sums - left;
      if (left.n < config_.min_leaf) continue;
      if (right.n < config_.min_leaf) break;
      const double gain = steps.strength(left) + steps.strength(right) - whole;
      if (gain > leaf->best.gain + kLeastGain &&
          steps.in_order(way, left, right)) {
        leaf->best = {gain, static_cast<std::int32_t>(feature), code,
                      missing_left, left};
      }
    }
  }
  [[nodiscard]] bool goes_left(const Split& split, std::int32_t row) const {
    const int code = table_.column(split.feature)[row];
    return code == table_.missing_code(split.feature) ? split.missing_left
                                                      : code <= split.code;
  }
  /// Turns a leaf into a node with two leaves.
  void split(std::size_t number, const std::vector<Derivatives>& derivatives) {
    Leaf parent = std::move(leaves_[number]);
    const Split best = parent.best;
    const auto begin = rows_.begin();
    const auto middle = std::stable_partition(
        begin + static_cast<std::ptrdiff_t>(parent.first),
        begin + static_cast<std::ptrdiff_t>(parent.last),
        [&](std::int32_t row) { return goes_left(best, row); });

    Leaf left, right;
    left.first = parent.first;
    left.last = right.first = at(middle - begin);
    right.last = parent.last;
    left.sums = best.left;
    right.sums = parent.sums - best.left;
    bound_children(best, parent.bounds, &left, &right);
    write_node(parent, best);
    left.node = nodes_[at(parent.node)].left;
    right.node = nodes_[at(parent.node)].right;
    const bool left_smaller = left.sums.n <= right.sums.n;
    fill_histograms(derivatives, &parent, left_smaller ? &left : &right,
                    left_smaller ? &right : &left);
    find_best(&left);
    find_best(&right);
    leaves_[number] = std::move(left);
    leaves_.push_back(std::move(right));
  }
  void bound_children(const Split& split, const LeafBounds& bounds, Leaf* left,
                      Leaf* right) const {
    left->bounds = right->bounds = bounds;
    const int way = direction(split.feature);
    if (way == 0) return;
    const BoundSteps steps{config_.l2, bounds};
    const double middle =
        (steps.value(left->sums) + steps.value(right->sums)) / 2;
    (way > 0 ? left : right)->bounds.upper = middle;
    (way > 0 ? right : left)->bounds.lower = middle;
  }
  /// The larger child's histograms are the parent's less the smaller child's.
  void fill_histograms(const std::vector<Derivatives>& derivatives,
                       Leaf* parent, Leaf* small, Leaf* large) {
    count(derivatives, small);
    large->histogram = std::move(parent->histogram);
    for (std::size_t i = 0; i < large->histogram.size(); ++i) {
      large->histogram[i] = large->histogram[i] - small->histogram[i];
    }
  }
  void write_node(const Leaf& parent, const Split& split) {
    const auto next = static_cast<std::int32_t>(nodes_.size());
    const auto& cuts = table_.cuts[at(split.feature)];
    TreeNode& node = nodes_[at(parent.node)];
    node.feature = split.feature;
    // A split after the last value separates the missing values from all
    // others.
    node.threshold = at(split.code) < cuts.size()
                         ? cuts[at(split.code)]
                         : std::numeric_limits<float>::infinity();
    node.missing_left = split.missing_left;
    node.left = next;
    node.right = next + 1;
    const BoundSteps steps{config_.l2, parent.bounds};
    node.value = config_.rate * steps.value(parent.sums);
    nodes_.resize(nodes_.size() + 2);
  }
  void finish(std::vector<double>* score) {
    for (const Leaf& leaf : leaves_) {
      const double step =
          config_.monotone.empty()
              ? -config_.rate * leaf.sums.gradient /
                    (leaf.sums.hessian + config_.l2)
              : config_.rate *
                    BoundSteps{config_.l2, leaf.bounds}.value(leaf.sums);
      nodes_[at(leaf.node)].value = step;
      for (std::size_t i = leaf.first; i < leaf.last; ++i) {
        (*score)[at(rows_[i])] += step;
      }
    }
  }

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

}  // namespace

std::vector<std::vector<TreeNode>> grow_trees(
    const BinnedTable& table, const BoostingConfig& config, int threads,
    const std::function<void(std::vector<Derivatives>*)>& differentiate,
    std::vector<double>* score) {
  TreeGrower grower(table, config, threads);
  std::vector<Derivatives> derivatives(score->size());
  std::vector<std::vector<TreeNode>> trees;
  for (int t = 0; t < config.trees; ++t) {
    differentiate(&derivatives);
    trees.push_back(grower.grow(derivatives, score));
  }
  return trees;
}

}  // namespace musl
