#include "musl/boosting.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "judge/boosting_bins.h"
#include "musl/error.h"
#include "musl/parallel.h"

namespace musl {

namespace {

/// Sums over the rows of a bin or leaf: gradient, Hessian, number.
struct Sums {
  double gradient = 0;
  double hessian = 0;
  std::int64_t n = 0;

  Sums& operator+=(const Sums& other) {
    gradient += other.gradient;
    hessian += other.hessian;
    n += other.n;
    return *this;
  }
  friend Sums operator-(Sums left, const Sums& right) {
    left.gradient -= right.gradient;
    left.hessian -= right.hessian;
    left.n -= right.n;
    return left;
  }
};

struct Split {
  double gain = 0;
  std::int32_t feature = -1;
  int code = 0;  // codes <= this one go left
  bool missing_left = false;
  Sums left;
};

/// A leaf that may still be split.
struct Leaf {
  std::int32_t node = 0;
  std::size_t first = 0, last = 0;  // its rows in Grower::rows_
  Sums sums;
  std::vector<Sums> histogram;  // F x kCodes
  Split best;
};

struct Derivatives {
  double gradient, hessian;
};

/// Grows the trees of one model; the buffers serve all of them.
class Grower {
 public:
  Grower(const BinnedTable& table, const BoostingConfig& config, int threads)
      : table_(table), config_(config), threads_(threads) {
    rows_.resize(static_cast<std::size_t>(table.n_rows));
  }

  /// One tree; adds its values to the scores of the rows.
  std::vector<TreeNode> grow(const std::vector<Derivatives>& derivatives,
                             std::vector<double>* score) {
    std::iota(rows_.begin(), rows_.end(), 0);
    nodes_.assign(1, TreeNode{});
    for (Leaf& leaf : leaves_) spare_.push_back(std::move(leaf.histogram));
    leaves_.clear();
    Leaf root;
    root.last = rows_.size();
    for (const auto& d : derivatives) {
      root.sums += Sums{d.gradient, d.hessian, 1};
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
  [[nodiscard]] std::size_t most_gain() const {
    const auto best = std::max_element(
        leaves_.begin(), leaves_.end(),
        [](const Leaf& x, const Leaf& y) { return x.best.gain < y.best.gain; });
    return static_cast<std::size_t>(best - leaves_.begin());
  }

  /// The histograms of a leaf, from its rows.
  void count(const std::vector<Derivatives>& derivatives, Leaf* leaf) {
    const std::size_t n = leaf->last - leaf->first;
    // In the order of the leaf's rows, so that each column reads them straight.
    gathered_.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      gathered_[i] =
          derivatives[static_cast<std::size_t>(rows_[leaf->first + i])];
    }
    const std::int64_t features = table_.n_features();
    // Megabytes a leaf: taken anew each time they would cost more in page
    // faults than the counting.
    if (!spare_.empty()) {
      leaf->histogram = std::move(spare_.back());
      spare_.pop_back();
    }
    leaf->histogram.assign(static_cast<std::size_t>(features * kCodes), Sums{});
    const std::int32_t* rows = rows_.data() + leaf->first;
    parallel_for(features, threads_for(n), [&](std::int64_t feature) {
      Sums* histogram = leaf->histogram.data() + feature * kCodes;
      const std::uint8_t* codes = table_.column(feature);
      for (std::size_t i = 0; i < n; ++i) {
        Sums& bin = histogram[codes[rows[i]]];
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

  [[nodiscard]] double strength(const Sums& sums) const {
    return sums.gradient * sums.gradient / (sums.hessian + config_.l2);
  }

  void find_best(Leaf* leaf) const {
    leaf->best = Split{};
    for (std::int64_t f = 0; f < table_.n_features(); ++f) {
      const Sums& missing =
          leaf->histogram[static_cast<std::size_t>(f * kCodes + kMissingCode)];
      scan(f, /*missing_left=*/false, leaf);
      if (missing.n > 0) scan(f, /*missing_left=*/true, leaf);
    }
  }

  /// All splits of one feature with the missing values on one side.
  void scan(std::int64_t feature, bool missing_left, Leaf* leaf) const {
    const Sums* histogram = leaf->histogram.data() + feature * kCodes;
    const auto n_codes =
        static_cast<int>(
            table_.cuts[static_cast<std::size_t>(feature)].size()) +
        1;
    const double whole = strength(leaf->sums);
    Sums left;
    if (missing_left) left += histogram[kMissingCode];
    for (int code = 0; code < n_codes; ++code) {
      left += histogram[code];
      const Sums right = leaf->sums - left;
      if (left.n < config_.min_leaf) continue;
      if (right.n < config_.min_leaf) break;
      const double gain = strength(left) + strength(right) - whole;
      if (gain > leaf->best.gain + kLeastGain) {
        leaf->best = {gain, static_cast<std::int32_t>(feature), code,
                      missing_left, left};
      }
    }
  }

  [[nodiscard]] bool goes_left(const Split& split, std::int32_t row) const {
    const int code = table_.column(split.feature)[row];
    return code == kMissingCode ? split.missing_left : code <= split.code;
  }

  /// Turns a leaf into a node with two leaves.
  void split(std::size_t at, const std::vector<Derivatives>& derivatives) {
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
    write_node(parent.node, best);
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

  /// The larger child's histograms are what the smaller one leaves.
  void fill_histograms(const std::vector<Derivatives>& derivatives,
                       Leaf* parent, Leaf* small, Leaf* large) {
    count(derivatives, small);
    large->histogram = std::move(parent->histogram);
    for (std::size_t i = 0; i < large->histogram.size(); ++i) {
      large->histogram[i] = large->histogram[i] - small->histogram[i];
    }
  }

  void write_node(std::int32_t id, const Split& split) {
    const auto next = static_cast<std::int32_t>(nodes_.size());
    const auto& cuts = table_.cuts[static_cast<std::size_t>(split.feature)];
    TreeNode& node = nodes_[static_cast<std::size_t>(id)];
    node.feature = split.feature;
    // A split behind the last value parts the missing ones from all others.
    node.threshold = static_cast<std::size_t>(split.code) < cuts.size()
                         ? cuts[static_cast<std::size_t>(split.code)]
                         : std::numeric_limits<float>::infinity();
    node.missing_left = split.missing_left;
    node.left = next;
    node.right = next + 1;
    nodes_.resize(nodes_.size() + 2);
  }

  void finish(std::vector<double>* score) {
    for (const Leaf& leaf : leaves_) {
      const double value =
          -config_.rate * leaf.sums.gradient / (leaf.sums.hessian + config_.l2);
      nodes_[static_cast<std::size_t>(leaf.node)].value = value;
      for (std::size_t i = leaf.first; i < leaf.last; ++i) {
        (*score)[static_cast<std::size_t>(rows_[i])] += value;
      }
    }
  }

  // Gains this near differ by rounding only: the first column is taken.
  static constexpr double kLeastGain = 1e-10;

  const BinnedTable& table_;
  const BoostingConfig& config_;
  int threads_;
  std::vector<std::int32_t> rows_;
  std::vector<Derivatives> gathered_;
  std::vector<TreeNode> nodes_;
  std::vector<Leaf> leaves_;
  std::vector<std::vector<Sums>> spare_;  // histograms to use again
};

/// Log-odds of the positives; InputError where a class is absent.
double base_score(const Matrix& x, const std::vector<float>& label) {
  if (static_cast<Eigen::Index>(label.size()) != x.rows()) {
    throw ShapeError("Each of " + std::to_string(x.rows()) +
                     " rows must have a label; there are " +
                     std::to_string(label.size()) + ".");
  }
  const auto positives = std::count_if(label.begin(), label.end(),
                                       [](float one) { return one > 0.5f; });
  const auto n = static_cast<std::ptrdiff_t>(label.size());
  if (positives == 0 || positives == n) {
    throw InputError("Boosting needs rows of both classes; " +
                     std::to_string(positives) + " of " + std::to_string(n) +
                     " are positive.");
  }
  return std::log(static_cast<double>(positives) /
                  static_cast<double>(n - positives));
}

void differentiate(const std::vector<float>& label,
                   const std::vector<double>& score,
                   std::vector<Derivatives>* out) {
  for (std::size_t i = 0; i < label.size(); ++i) {
    const double p = 1 / (1 + std::exp(-score[i]));
    (*out)[i] = {p - (label[i] > 0.5f ? 1.0 : 0.0), p * (1 - p)};
  }
}

void check_field(bool ok, const char* name, double value, const char* range) {
  if (ok) return;
  throw InputError(std::string("`") + name + "` must be " + range + ", not " +
                   std::to_string(value) + ".");
}

}  // namespace

void validate(const BoostingConfig& config) {
  check_field(config.trees >= 1, "trees", config.trees, "at least 1");
  check_field(config.rate > 0, "rate", config.rate, "above 0");
  check_field(config.leaves >= 2, "leaves", config.leaves, "at least 2");
  check_field(config.min_leaf >= 1, "min_leaf", config.min_leaf, "at least 1");
  check_field(config.l2 >= 0, "l2", config.l2, "at least 0");
  check_field(config.bins >= 2 && config.bins < kMissingCode, "bins",
              config.bins, "from 2 to 254");
}

BoostedTrees fit_boosting(const Matrix& x, const std::vector<float>& label,
                          const BoostingConfig& config, int threads,
                          const std::function<bool()>& go_on) {
  validate(config);
  BoostedTrees out;
  out.base = base_score(x, label);
  out.n_features = x.cols();
  const BinnedTable table = bin_table(x, config.bins, threads);
  Grower grower(table, config, threads);
  std::vector<double> score(label.size(), out.base);
  std::vector<Derivatives> derivatives(label.size());
  for (int t = 0; t < config.trees; ++t) {
    if (go_on && !go_on()) throw CancelledError("Interrupted.");
    differentiate(label, score, &derivatives);
    out.trees.push_back(grower.grow(derivatives, &score));
  }
  return out;
}

std::vector<double> predict_boosting(const BoostedTrees& model,
                                     const Matrix& x) {
  if (x.cols() != model.n_features) {
    throw ShapeError("Rows must have " + std::to_string(model.n_features) +
                     " features as in training, not " +
                     std::to_string(x.cols()) + ".");
  }
  std::vector<double> score(static_cast<std::size_t>(x.rows()), model.base);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (const auto& tree : model.trees) {
      std::size_t at = 0;
      while (tree[at].feature >= 0) {
        const TreeNode& node = tree[at];
        const float value = x(i, node.feature);
        const bool left =
            std::isnan(value) ? node.missing_left : value <= node.threshold;
        at = static_cast<std::size_t>(left ? node.left : node.right);
      }
      score[static_cast<std::size_t>(i)] += tree[at].value;
    }
  }
  return score;
}

}  // namespace musl
