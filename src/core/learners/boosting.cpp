#include "learners/boosting.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "learners/tree_grower.h"

namespace musl {

namespace {

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

/// The values present, ascending.
std::vector<float> sorted_values(const Matrix& x, std::int64_t feature) {
  std::vector<float> values;
  values.reserve(at(x.rows()));
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const float value = x(i, feature);
    if (std::isinf(value)) {
      throw InputError("Features must not be infinite; column " +
                       std::to_string(feature + 1) + " is in row " +
                       std::to_string(i + 1) + ".");
    }
    if (!std::isnan(value)) values.push_back(value);
  }
  std::sort(values.begin(), values.end());
  return values;
}

/// Halfway between two neighbouring values, and below the upper one even if
/// rounding would reach it.
float midpoint(float low, float high) {
  const float middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

std::vector<float> find_cuts(const std::vector<float>& sorted, int bins) {
  std::vector<std::size_t> last;  // index of the last row of each value
  for (std::size_t i = 0; i + 1 < sorted.size(); ++i) {
    if (sorted[i] < sorted[i + 1]) last.push_back(i);
  }
  std::vector<float> cuts;
  const bool all = last.size() < at(bins);
  const double per_bin = static_cast<double>(sorted.size()) / bins;
  double wanted = per_bin;
  for (const std::size_t i : last) {
    const auto n_below = static_cast<double>(i + 1);
    if (!all && n_below < wanted) continue;
    cuts.push_back(midpoint(sorted[i], sorted[i + 1]));
    while (wanted <= n_below) wanted += per_bin;
  }
  return cuts;
}

/// Bins each column at midpoints between its values: at all midpoints if there
/// are at most `bins` values, else so that bins have about the same number of
/// rows. Throws InputError for an infinite value.
BinnedTable bin_table(const Matrix& x, int bins, int threads) {
  BinnedTable out;
  out.n_rows = x.rows();
  out.cuts.resize(at(x.cols()));
  out.codes.resize(at(x.size()));
  parallel_for(x.cols(), threads, [&](std::int64_t feature) {
    auto& cuts = out.cuts[at(feature)];
    cuts = find_cuts(sorted_values(x, feature), bins);
    const int missing = out.missing_code(feature);
    std::uint8_t* codes = out.codes.data() + feature * out.n_rows;
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      const float value = x(i, feature);
      const auto found = std::lower_bound(cuts.begin(), cuts.end(), value);
      codes[i] = static_cast<std::uint8_t>(
          std::isnan(value) ? missing : found - cuts.begin());
    }
  });
  return out;
}

}  // namespace

BoostedTrees fit_boosting(const Matrix& x, const std::vector<float>& label,
                          const std::vector<float>& weight,
                          const BoostingConfig& config, int threads,
                          const std::function<bool()>& go_on) {
  BoostedTrees out;
  out.base = base_score(label, weight);
  out.n_features = x.cols();
  std::vector<double> score(label.size(), out.base);
  out.trees = grow_trees(
      bin_table(x, config.bins, threads), config, threads,
      [&](std::vector<Derivatives>* derivatives) {
        if (go_on && !go_on()) throw CancelledError("Interrupted.");
        differentiate(label, weight, score, derivatives);
      },
      &score);
  return out;
}

}  // namespace musl
