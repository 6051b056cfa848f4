#include "musl/boosting.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "learners/boosting_bins.h"
#include "learners/tree_grower.h"
#include "musl/error.h"

namespace musl {

namespace {

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

}  // namespace musl
