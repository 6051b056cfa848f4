#include "learners/tree_grower.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "musl/parallel.h"

namespace musl {

namespace {

// Gains this close differ only by rounding: the first column is used.
constexpr double kLeastGain = 1e-10;

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

}  // namespace

TreeGrower::TreeGrower(const BinnedTable& table, const BoostingConfig& config,
                       int threads)
    : table_(table), config_(config), threads_(threads) {
  rows_.resize(static_cast<std::size_t>(table.n_rows));
  for (std::int64_t f = 0; f < table.n_features(); ++f) {
    const auto n_codes = static_cast<std::size_t>(table.missing_code(f)) + 1;
    begin_.push_back(begin_.back() + n_codes);
  }
}

std::vector<TreeNode> TreeGrower::grow(
    const std::vector<Derivatives>& derivatives, std::vector<double>* score) {
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

std::size_t TreeGrower::most_gain() const {
  const auto best = std::max_element(
      leaves_.begin(), leaves_.end(),
      [](const Leaf& x, const Leaf& y) { return x.best.gain < y.best.gain; });
  return static_cast<std::size_t>(best - leaves_.begin());
}

/// The histograms of a leaf, from its rows.
void TreeGrower::count(const std::vector<Derivatives>& derivatives,
                       Leaf* leaf) {
  const std::size_t n = leaf->last - leaf->first;
  // In the order of the leaf's rows, so that each column reads them straight.
  gathered_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    gathered_[i] =
        derivatives[static_cast<std::size_t>(rows_[leaf->first + i])];
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
int TreeGrower::threads_for(std::size_t n_rows) const {
  const auto work =
      static_cast<double>(n_rows) * static_cast<double>(table_.n_features());
  return work < 1e6 ? 1 : threads_;
}

int TreeGrower::direction(std::int64_t feature) const {
  return config_.monotone.empty()
             ? 0
             : config_.monotone[static_cast<std::size_t>(feature)];
}

void TreeGrower::find_best(Leaf* leaf) const {
  if (config_.monotone.empty()) {
    find_best_by(FreeSteps{config_.l2}, leaf);
  } else {
    find_best_by(BoundSteps{config_.l2, leaf->bounds}, leaf);
  }
}

template <class Steps>
void TreeGrower::find_best_by(const Steps& steps, Leaf* leaf) const {
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
void TreeGrower::scan(std::int64_t feature, bool missing_left,
                      const Steps& steps, Leaf* leaf) const {
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

bool TreeGrower::goes_left(const Split& split, std::int32_t row) const {
  const int code = table_.column(split.feature)[row];
  return code == table_.missing_code(split.feature) ? split.missing_left
                                                    : code <= split.code;
}

/// Turns a leaf into a node with two leaves.
void TreeGrower::split(std::size_t at,
                       const std::vector<Derivatives>& derivatives) {
  Leaf parent = std::move(leaves_[at]);
  const Split best = parent.best;
  const auto begin = rows_.begin();
  const auto middle = std::stable_partition(
      begin + static_cast<std::ptrdiff_t>(parent.first),
      begin + static_cast<std::ptrdiff_t>(parent.last),
      [&](std::int32_t row) { return goes_left(best, row); });

  Leaf left, right;
  left.first = parent.first;
  left.last = right.first = static_cast<std::size_t>(middle - begin);
  right.last = parent.last;
  left.sums = best.left;
  right.sums = parent.sums - best.left;
  bound_children(best, parent.bounds, &left, &right);
  write_node(parent, best);
  left.node = nodes_[static_cast<std::size_t>(parent.node)].left;
  right.node = nodes_[static_cast<std::size_t>(parent.node)].right;
  const bool left_smaller = left.sums.n <= right.sums.n;
  fill_histograms(derivatives, &parent, left_smaller ? &left : &right,
                  left_smaller ? &right : &left);
  find_best(&left);
  find_best(&right);
  leaves_[at] = std::move(left);
  leaves_.push_back(std::move(right));
}

void TreeGrower::bound_children(const Split& split, const LeafBounds& bounds,
                                Leaf* left, Leaf* right) const {
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
void TreeGrower::fill_histograms(const std::vector<Derivatives>& derivatives,
                                 Leaf* parent, Leaf* small, Leaf* large) {
  count(derivatives, small);
  large->histogram = std::move(parent->histogram);
  for (std::size_t i = 0; i < large->histogram.size(); ++i) {
    large->histogram[i] = large->histogram[i] - small->histogram[i];
  }
}

void TreeGrower::write_node(const Leaf& parent, const Split& split) {
  const auto next = static_cast<std::int32_t>(nodes_.size());
  const auto& cuts = table_.cuts[static_cast<std::size_t>(split.feature)];
  TreeNode& node = nodes_[static_cast<std::size_t>(parent.node)];
  node.feature = split.feature;
  // A split after the last value separates the missing values from all others.
  node.threshold = static_cast<std::size_t>(split.code) < cuts.size()
                       ? cuts[static_cast<std::size_t>(split.code)]
                       : std::numeric_limits<float>::infinity();
  node.missing_left = split.missing_left;
  node.left = next;
  node.right = next + 1;
  const BoundSteps steps{config_.l2, parent.bounds};
  node.value = config_.rate * steps.value(parent.sums);
  nodes_.resize(nodes_.size() + 2);
}

void TreeGrower::finish(std::vector<double>* score) {
  for (const Leaf& leaf : leaves_) {
    const double step =
        config_.monotone.empty()
            ? -config_.rate * leaf.sums.gradient /
                  (leaf.sums.hessian + config_.l2)
            : config_.rate *
                  BoundSteps{config_.l2, leaf.bounds}.value(leaf.sums);
    nodes_[static_cast<std::size_t>(leaf.node)].value = step;
    for (std::size_t i = leaf.first; i < leaf.last; ++i) {
      (*score)[static_cast<std::size_t>(rows_[i])] += step;
    }
  }
}

}  // namespace musl
