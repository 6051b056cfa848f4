#include "musl/drift.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "musl/error.h"
#include "musl/parallel.h"
#include "musl/rng.h"

namespace musl {

namespace {

constexpr double kPseudocount = 0.01;  // of linear values, as in CNNC
constexpr int kDeciles = 10;
constexpr double kHalf = 0.5;  // added to each bin's count
constexpr double kNormal999 = 3.090232306167813;

Eigen::ArrayXd logged_column(const RMatrixView& x, Eigen::Index column,
                             bool linear) {
  if (!linear) return x.col(column).array();
  return (x.col(column).array() + kPseudocount).log10();
}

std::vector<double> as_vector(const Eigen::ArrayXd& x) {
  return {x.data(), x.data() + x.size()};
}

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

/// The columns of x at `chosen`.
Eigen::MatrixXd columns_of(const Eigen::MatrixXd& x,
                           const std::vector<std::int64_t>& chosen,
                           std::int64_t first, std::int64_t n) {
  Eigen::MatrixXd out(x.rows(), n);
  for (std::int64_t i = 0; i < n; ++i) {
    out.col(i) = x.col(chosen[static_cast<std::size_t>(first + i)]);
  }
  return out;
}

RMatrixView view_of(const Eigen::MatrixXd& x) {
  return {x.data(), x.rows(), x.cols()};
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

GeneMoments gene_moments(const RMatrixView& x, bool linear) {
  const auto n = static_cast<double>(x.cols());
  Eigen::ArrayXd mean = Eigen::ArrayXd::Zero(x.rows());
  Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(x.rows());
  for (Eigen::Index s = 0; s < x.cols(); ++s) {
    mean += logged_column(x, s, linear) / n;
  }
  for (Eigen::Index s = 0; s < x.cols(); ++s) {
    sum += (logged_column(x, s, linear) - mean).square() / n;
  }
  return {as_vector(mean), as_vector(sum.sqrt())};
}

std::vector<double> mean_correlations(const RMatrixView& x, bool linear) {
  const GeneMoments moments = gene_moments(x, linear);
  const Eigen::Map<const Eigen::ArrayXd> mean(moments.mean.data(), x.rows());
  const Eigen::Map<const Eigen::ArrayXd> sd(moments.sd.data(), x.rows());
  const Eigen::Array<bool, Eigen::Dynamic, 1> varies =
      sd > 1e-9 * (1 + mean.abs());
  const Eigen::ArrayXd scale = varies.select(1 / sd, 0.0);
  const auto others = static_cast<double>(varies.count()) - 1;

  // The sum of a gene's correlations with the others is the product of its
  // standardised profile with the sum of all profiles, less 1 for itself.
  Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(x.rows());
  for (Eigen::Index s = 0; s < x.cols(); ++s) {
    const Eigen::ArrayXd z = (logged_column(x, s, linear) - mean) * scale;
    sum += z * z.sum();
  }
  if (others < 1) return std::vector<double>(moments.mean.size(), kNaN);
  const Eigen::ArrayXd correlation =
      varies.select((sum / static_cast<double>(x.cols()) - 1) / others, kNaN);
  return as_vector(correlation);
}

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
                             int repeats, std::uint64_t seed, int threads) {
  if (n < 1 || x.cols() < 2 * n) {
    throw ShapeError("Two sets of " + std::to_string(n) +
                     " samples must fit into " + std::to_string(x.cols()) +
                     ".");
  }
  const auto index = [](std::vector<double> one, std::vector<double> other) {
    return stability_index(std::move(one), std::move(other)).index;
  };
  Eigen::MatrixXd logged(x.rows(), x.cols());
  for (Eigen::Index s = 0; s < x.cols(); ++s) {
    logged.col(s) = logged_column(x, s, linear);
  }
  Rng rng(seed);
  std::vector<std::vector<std::int64_t>> orders;
  for (int r = 0; r < repeats; ++r) orders.push_back(rng.permutation(x.cols()));
  std::vector<SamplingNoise> found(orders.size());
  parallel_for(repeats, threads, [&](std::int64_t r) {
    const auto& order = orders[static_cast<std::size_t>(r)];
    const Eigen::MatrixXd first = columns_of(logged, order, 0, n);
    const Eigen::MatrixXd second = columns_of(logged, order, n, n);
    const RMatrixView one = view_of(first), other = view_of(second);
    found[static_cast<std::size_t>(r)] = {
        index(gene_moments(one, /*linear=*/false).sd,
              gene_moments(other, /*linear=*/false).sd),
        index(mean_correlations(one, /*linear=*/false),
              mean_correlations(other, /*linear=*/false))};
  });
  SamplingNoise out;
  for (const auto& one : found) {
    out.sd = std::fmax(out.sd, one.sd);
    out.correlation = std::fmax(out.correlation, one.correlation);
  }
  return out;
}

}  // namespace musl
