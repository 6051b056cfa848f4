#include "musl/bagged_boosting.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "musl/error.h"
#include "musl/rng.h"

namespace musl {

namespace {

void validate(const Bagging& bagging) {
  if (bagging.models < 1) {
    throw InputError("`models` must be at least 1, not " +
                     std::to_string(bagging.models) + ".");
  }
  if (!(bagging.columns > 0 && bagging.columns <= 1)) {
    throw InputError("`columns` must be above 0 and at most 1, not " +
                     std::to_string(bagging.columns) + ".");
  }
}

/// Ascending.
std::vector<std::int64_t> draw_columns(std::int64_t n, double share,
                                       std::uint64_t seed) {
  auto out = Rng(seed).permutation(n);
  const auto wanted =
      static_cast<std::int64_t>(std::floor(share * static_cast<double>(n)));
  out.resize(at(std::max<std::int64_t>(wanted, 1)));
  std::sort(out.begin(), out.end());
  return out;
}

Matrix columns_of(const Matrix& x, const std::vector<std::int64_t>& chosen) {
  Matrix out(x.rows(), static_cast<Eigen::Index>(chosen.size()));
  for (std::size_t j = 0; j < chosen.size(); ++j) {
    out.col(static_cast<Eigen::Index>(j)) = x.col(chosen[j]);
  }
  return out;
}

BoostingConfig config_of(BoostingConfig config,
                         const std::vector<std::int64_t>& chosen) {
  if (config.monotone.empty()) return config;
  std::vector<int> monotone;
  for (const std::int64_t column : chosen) {
    monotone.push_back(config.monotone[at(column)]);
  }
  config.monotone = std::move(monotone);
  return config;
}

/// Adds `share` of a model of the chosen columns.
void add_model(BoostedTrees model, const std::vector<std::int64_t>& chosen,
               double share, BoostedTrees* out) {
  out->base += share * model.base;
  for (auto& tree : model.trees) {
    for (TreeNode& node : tree) {
      node.value *= share;
      if (node.feature >= 0) {
        node.feature = static_cast<std::int32_t>(chosen[at(node.feature)]);
      }
    }
    out->trees.push_back(std::move(tree));
  }
}

}  // namespace

BoostedTrees fit_bagged_boosting(const Matrix& x,
                                 const std::vector<float>& label,
                                 const std::vector<float>& weight,
                                 const BoostingConfig& config,
                                 const Bagging& bagging, std::uint64_t seed,
                                 int threads,
                                 const std::function<bool()>& go_on) {
  validate(bagging);
  if (!config.monotone.empty() && size_of(config.monotone) != x.cols()) {
    throw ShapeError("`monotone` must have one entry a column, " +
                     std::to_string(x.cols()) + ", not " +
                     std::to_string(config.monotone.size()) + ".");
  }
  BoostedTrees out;
  out.n_features = x.cols();
  for (int k = 0; k < bagging.models; ++k) {
    const auto chosen =
        draw_columns(x.cols(), bagging.columns,
                     derive_seed(seed, static_cast<std::uint64_t>(k)));
    add_model(fit_boosting(columns_of(x, chosen), label, weight,
                           config_of(config, chosen), threads, go_on),
              chosen, 1.0 / bagging.models, &out);
  }
  return out;
}

}  // namespace musl
