#include "musl/drift.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "judge/logged_samples.h"
#include "musl/error.h"
#include "musl/parallel.h"
#include "musl/rng.h"

namespace musl {

namespace {

constexpr int kDeciles = 10;
constexpr double kHalf = 0.5;  // added to each bin's count
constexpr double kNormal999 = 3.090232306167813;

void drop_missing(std::vector<double>* values) {
  values->erase(std::remove_if(values->begin(), values->end(),
                               [](double x) { return std::isnan(x); }),
                values->end());
}

/// Upper ends of all bins except the last. An end may belong to its bin or not:
/// a repeated decile ends one bin below it and one at it.
struct BinEnd {
  double at = 0;
  bool inclusive = true;
};

/// sorted  ascending, at least one
std::vector<BinEnd> decile_ends(const std::vector<double>& sorted) {
  std::vector<double> deciles;
  for (int d = 1; d < kDeciles; ++d) {
    const double position = d * static_cast<double>(sorted.size() - 1) /
                            static_cast<double>(kDeciles);
    deciles.push_back(sorted[static_cast<std::size_t>(position)]);
  }
  std::vector<BinEnd> ends;
  for (std::size_t d = 0; d < deciles.size(); ++d) {
    const bool seen = d > 0 && deciles[d] == deciles[d - 1];
    if (seen) continue;
    const bool repeated =
        d + 1 < deciles.size() && deciles[d] == deciles[d + 1];
    if (repeated) ends.push_back({deciles[d], /*inclusive=*/false});
    ends.push_back({deciles[d], /*inclusive=*/true});
  }
  return ends;
}

/// Share of the values in each bin, half a value added to each.
std::vector<double> shares(const std::vector<double>& values,
                           const std::vector<BinEnd>& ends) {
  std::vector<double> out(ends.size() + 1, kHalf);
  for (const double value : values) {
    const auto bin = std::partition_point(
        ends.begin(), ends.end(), [value](const BinEnd& end) {
          return end.at < value || (end.at == value && !end.inclusive);
        });
    out[static_cast<std::size_t>(bin - ends.begin())] += 1;
  }
  const double total = static_cast<double>(values.size()) +
                       kHalf * static_cast<double>(out.size());
  for (double& share : out) share /= total;
  return out;
}

/// The 99.9 % quantile of chi-squared.
double chi_squared_999(double degrees) {
  const double v = 2 / (9 * degrees);
  return degrees * std::pow(1 - v + kNormal999 * std::sqrt(v), 3);
}

double median(std::vector<double> values) {
  if (values.empty()) return kNaN;
  const auto half = static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), values.begin() + half, values.end());
  const double upper = values[static_cast<std::size_t>(half)];
  if (values.size() % 2 == 1) return upper;
  return (upper + *std::max_element(values.begin(), values.begin() + half)) / 2;
}

}  // namespace

Stability stability_index(std::vector<double> reference,
                          std::vector<double> values) {
  drop_missing(&reference);
  drop_missing(&values);
  if (reference.empty() || values.empty()) return {kNaN, kNaN};
  std::sort(reference.begin(), reference.end());
  const auto ends = decile_ends(reference);
  const auto p = shares(reference, ends);
  const auto q = shares(values, ends);
  Stability out;
  for (std::size_t bin = 0; bin < p.size(); ++bin) {
    out.index += (q[bin] - p[bin]) * std::log(q[bin] / p[bin]);
  }
  out.noise = (1 / static_cast<double>(reference.size()) +
               1 / static_cast<double>(values.size())) *
              chi_squared_999(static_cast<double>(p.size() - 1));
  return out;
}

double location_shift(const std::vector<double>& mean,
                      const std::vector<double>& sd,
                      const std::vector<double>& new_mean) {
  if (mean.size() != sd.size() || mean.size() != new_mean.size()) {
    throw ShapeError("Means and standard deviations must be as many: " +
                     std::to_string(mean.size()) + ", " +
                     std::to_string(sd.size()) + " and " +
                     std::to_string(new_mean.size()) + ".");
  }
  std::vector<double> shift;
  for (std::size_t g = 0; g < mean.size(); ++g) {
    if (sd[g] > 0) shift.push_back(std::abs(new_mean[g] - mean[g]) / sd[g]);
  }
  drop_missing(&shift);
  return median(std::move(shift));
}

SamplingNoise sampling_noise(const RMatrixView& x, bool linear, std::int64_t n,
                             int repeats, double unit, std::uint64_t seed,
                             int threads) {
  if (n < 1 || x.cols() < 2 * n) {
    throw ShapeError("Two sets of " + std::to_string(n) +
                     " samples must fit into " + std::to_string(x.cols()) +
                     ".");
  }
  const auto index = [](std::vector<double> one, std::vector<double> other) {
    return stability_index(std::move(one), std::move(other)).index;
  };
  // Logged once, and not in each repeat.
  Eigen::ArrayXXd logged;
  if (linear) {
    logged = x.array();
    log_values(logged);
  }
  const LoggedSamples all(
      linear ? RMatrixView(logged.data(), x.rows(), x.cols()) : x,
      /*linear=*/false);
  const auto spread_of = [unit](const GeneMoments& moments) {
    std::vector<double> spread;
    for (const double sd : moments.sd) {
      spread.push_back(std::nearbyint(sd / unit));
    }
    return spread;
  };
  const std::vector<double> spread = spread_of(moments_of(all));
  Rng rng(seed);
  std::vector<std::vector<std::int64_t>> orders;
  orders.reserve(static_cast<std::size_t>(repeats));
  for (int r = 0; r < repeats; ++r) orders.push_back(rng.permutation(x.cols()));
  std::vector<SamplingNoise> found(orders.size());
  parallel_for(repeats, threads, [&](std::int64_t r) {
    const auto first = orders[static_cast<std::size_t>(r)].begin();
    const LoggedSamples one = all.only({first, first + n});
    const LoggedSamples other = all.only({first + n, first + 2 * n});
    const GeneMoments moments = moments_of(one), others = moments_of(other);
    const std::vector<double> part = spread_of(moments);
    found[static_cast<std::size_t>(r)] = {
        index(part, spread_of(others)), index(spread, part),
        index(correlations_of(one, moments), correlations_of(other, others))};
  });
  SamplingNoise out;
  for (const auto& one : found) {
    out.sd = std::fmax(out.sd, one.sd);
    out.sd_of_part = std::fmax(out.sd_of_part, one.sd_of_part);
    out.correlation = std::fmax(out.correlation, one.correlation);
  }
  return out;
}

}  // namespace musl
