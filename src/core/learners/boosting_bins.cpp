#include "learners/boosting_bins.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "musl/error.h"
#include "musl/parallel.h"

namespace musl {

namespace {

/// The values present, ascending.
std::vector<float> sorted_values(const Matrix& x, std::int64_t feature) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(x.rows()));
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
  const bool all = last.size() < static_cast<std::size_t>(bins);
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

}  // namespace

BinnedTable bin_table(const Matrix& x, int bins, int threads) {
  BinnedTable out;
  out.n_rows = x.rows();
  out.cuts.resize(static_cast<std::size_t>(x.cols()));
  out.codes.resize(static_cast<std::size_t>(x.size()));
  parallel_for(x.cols(), threads, [&](std::int64_t feature) {
    auto& cuts = out.cuts[static_cast<std::size_t>(feature)];
    cuts = find_cuts(sorted_values(x, feature), bins);
    const int missing = out.missing_code(feature);
    std::uint8_t* codes = out.codes.data() + feature * out.n_rows;
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      const float value = x(i, feature);
      const auto at = std::lower_bound(cuts.begin(), cuts.end(), value);
      codes[i] = static_cast<std::uint8_t>(
          std::isnan(value) ? missing : at - cuts.begin());
    }
  });
  return out;
}

}  // namespace musl
