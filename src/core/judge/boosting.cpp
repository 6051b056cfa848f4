#include "musl/boosting.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "judge/boosting_bins.h"
#include "judge/tree_grower.h"
#include "musl/error.h"
#include "musl/parallel.h"

namespace musl {

namespace {

constexpr std::int64_t kBlock = 512;  // rows a piece of work

void check_rows(const Matrix& x, const std::vector<float>& label,
                const std::vector<float>& weight) {
  if (static_cast<Eigen::Index>(label.size()) != x.rows()) {
    throw ShapeError("Each of " + std::to_string(x.rows()) +
                     " rows must have a label; there are " +
                     std::to_string(label.size()) + ".");
  }
  if (!weight.empty() && weight.size() != label.size()) {
    throw ShapeError("Each of " + std::to_string(x.rows()) +
                     " rows must have a weight; there are " +
                     std::to_string(weight.size()) + ".");
  }
  if (!std::all_of(weight.begin(), weight.end(),
                   [](float w) { return w >= 0 && std::isfinite(w); })) {
    throw InputError("Weights must be finite and at least 0.");
  }
}

/// Log-odds of the positives' weight; InputError if a class is absent.
double base_score(const std::vector<float>& label,
                  const std::vector<float>& weight) {
  double positives = 0, others = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    const double mass = weight.empty() ? 1 : weight[i];
    (label[i] > 0.5f ? positives : others) += mass;
  }
  if (positives == 0 || others == 0) {
    const auto n = std::count_if(label.begin(), label.end(),
                                 [](float one) { return one > 0.5f; });
    throw InputError("Boosting needs rows of both classes; " +
                     std::to_string(n) + " of " + std::to_string(label.size()) +
                     " are positive.");
  }
  return std::log(positives / others);
}

void differentiate(const std::vector<float>& label,
                   const std::vector<float>& weight,
                   const std::vector<double>& score,
                   std::vector<Derivatives>* out) {
  for (std::size_t i = 0; i < label.size(); ++i) {
    const double mass = weight.empty() ? 1 : weight[i];
    const double p = 1 / (1 + std::exp(-score[i]));
    (*out)[i] = {mass * (p - (label[i] > 0.5f ? 1.0 : 0.0)),
                 mass * (p * (1 - p))};
  }
}

void check_field(bool ok, const char* name, double value, const char* range) {
  if (ok) return;
  throw InputError(std::string("`") + name + "` must be " + range + ", not " +
                   std::to_string(value) + ".");
}

void check_monotone(const BoostingConfig& config, const Matrix& x) {
  if (config.monotone.empty()) return;
  if (static_cast<Eigen::Index>(config.monotone.size()) != x.cols()) {
    throw ShapeError("`monotone` must have one entry a column, " +
                     std::to_string(x.cols()) + ", not " +
                     std::to_string(config.monotone.size()) + ".");
  }
}

/// Calls step(from, to) along a row's path; returns the leaf.
template <class Step>
const TreeNode& walk(const std::vector<TreeNode>& tree, const float* row,
                     Step&& step) {
  const TreeNode* node = tree.data();
  while (node->feature >= 0) {
    const float value = row[node->feature];
    // Branchless, since the branch would be unpredictable.
    const unsigned below = value <= node->threshold ? 1U : 0U;
    const unsigned missing = std::isnan(value) ? 1U : 0U;
    const unsigned left = below | (missing & (node->missing_left ? 1U : 0U));
    const TreeNode* next = tree.data() + (left != 0 ? node->left : node->right);
    step(*node, *next);
    node = next;
  }
  return *node;
}

void check_columns(const BoostedTrees& model, const Matrix& x) {
  if (x.cols() == model.n_features) return;
  throw ShapeError("Rows must have " + std::to_string(model.n_features) +
                   " features as in training, not " + std::to_string(x.cols()) +
                   ".");
}

template <class Work>
void for_blocks(std::int64_t n, int threads, Work&& work) {
  parallel_for((n + kBlock - 1) / kBlock, threads, [&](std::int64_t block) {
    const std::int64_t end = std::min(n, (block + 1) * kBlock);
    for (std::int64_t i = block * kBlock; i < end; ++i) work(i);
  });
}

}  // namespace

void validate(const BoostingConfig& config) {
  check_field(config.trees >= 1, "trees", config.trees, "at least 1");
  check_field(config.rate > 0, "rate", config.rate, "above 0");
  check_field(config.leaves >= 2, "leaves", config.leaves, "at least 2");
  check_field(config.min_leaf >= 1, "min_leaf", config.min_leaf, "at least 1");
  check_field(config.l2 >= 0, "l2", config.l2, "at least 0");
  check_field(config.bins >= 2 && config.bins <= kMostBins, "bins", config.bins,
              "from 2 to 254");
  for (const int way : config.monotone) {
    check_field(way >= -1 && way <= 1, "monotone", way, "-1, 0 or 1");
  }
}

BoostedTrees fit_boosting(const Matrix& x, const std::vector<float>& label,
                          const std::vector<float>& weight,
                          const BoostingConfig& config, int threads,
                          const std::function<bool()>& go_on) {
  validate(config);
  check_rows(x, label, weight);
  check_monotone(config, x);
  BoostedTrees out;
  out.base = base_score(label, weight);
  out.n_features = x.cols();
  const BinnedTable table = bin_table(x, config.bins, threads);
  TreeGrower grower(table, config, threads);
  std::vector<double> score(label.size(), out.base);
  std::vector<Derivatives> derivatives(label.size());
  for (int t = 0; t < config.trees; ++t) {
    if (go_on && !go_on()) throw CancelledError("Interrupted.");
    differentiate(label, weight, score, &derivatives);
    out.trees.push_back(grower.grow(derivatives, &score));
  }
  return out;
}

BoostedTrees fit_boosting(const Matrix& x, const std::vector<float>& label,
                          const BoostingConfig& config, int threads,
                          const std::function<bool()>& go_on) {
  return fit_boosting(x, label, {}, config, threads, go_on);
}

std::vector<double> predict_boosting(const BoostedTrees& model, const Matrix& x,
                                     int threads) {
  check_columns(model, x);
  std::vector<double> score(static_cast<std::size_t>(x.rows()), model.base);
  for_blocks(x.rows(), threads, [&](std::int64_t i) {
    double& sum = score[static_cast<std::size_t>(i)];
    for (const auto& tree : model.trees) {
      sum += walk(tree, x.row(i).data(), [](const auto&, const auto&) {}).value;
    }
  });
  return score;
}

BoostingParts boosting_parts(const BoostedTrees& model, const Matrix& x,
                             const std::vector<std::uint8_t>& chosen,
                             int threads) {
  check_columns(model, x);
  if (static_cast<std::int64_t>(chosen.size()) != model.n_features) {
    throw ShapeError("`chosen` must have one entry a column.");
  }
  const auto n = static_cast<std::size_t>(x.rows());
  BoostingParts out{std::vector<double>(n, model.base),
                    std::vector<double>(n, 0.0)};
  for_blocks(x.rows(), threads, [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    double score = model.base, part = 0;
    const auto step = [&](const TreeNode& from, const TreeNode& to) {
      if (chosen[static_cast<std::size_t>(from.feature)] != 0) {
        part += to.value - from.value;
      }
    };
    for (const auto& tree : model.trees) {
      score += walk(tree, x.row(i).data(), step).value;
    }
    out.score[k] = score;
    out.part[k] = part;
  });
  return out;
}

}  // namespace musl
