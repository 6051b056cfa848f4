#include "judge/drift.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/numbers.h"
#include "base/parallel.h"
#include "base/rng.h"

namespace musl {

namespace {

constexpr double kPseudocount = 0.01;       // of linear values, as in CNNC
constexpr Eigen::Index kGenesABlock = 128;  // of a sum

using Column = Eigen::Ref<const Eigen::ArrayXd>;

Eigen::ArrayXXd logged(const Eigen::Ref<const Eigen::ArrayXXd>& x) {
  return (x + kPseudocount).log10();
}

/// Samples of a matrix (R, S) genes x samples, which must outlive them; linear
/// values are logged when read: log10(x + 0.01).
class LoggedSamples {
 public:
  LoggedSamples(const RMatrixView& x, bool linear)
      : n_genes_(x.rows()), linear_(linear) {
    for (Eigen::Index s = 0; s < x.cols(); ++s) {
      columns_.push_back(x.data() + s * n_genes_);
    }
  }
  /// Those at `chosen`, positions among these samples.
  [[nodiscard]] LoggedSamples only(
      const std::vector<std::int64_t>& chosen) const {
    LoggedSamples out = *this;
    out.columns_.clear();
    for (const auto s : chosen) out.columns_.push_back(columns_[at(s)]);
    return out;
  }

  [[nodiscard]] Eigen::Index n_genes() const { return n_genes_; }
  [[nodiscard]] Eigen::Index n_samples() const { return size_of(columns_); }
  /// Calls work(s, values) for all samples.
  template <class Work>
  void each(const Work& work) const {
    for (Eigen::Index s = 0; s < n_samples(); ++s) {
      const Eigen::Map<const Eigen::ArrayXd> x(columns_[at(s)], n_genes_);
      linear_ ? work(s, Column(logged(x).col(0))) : work(s, Column(x));
    }
  }

 private:
  std::vector<const double*> columns_;
  Eigen::Index n_genes_;
  bool linear_;
};

GeneMoments moments_of(const LoggedSamples& samples) {
  const auto n = static_cast<double>(samples.n_samples());
  Eigen::ArrayXd mean = Eigen::ArrayXd::Zero(samples.n_genes());
  Eigen::ArrayXd sum = mean;
  samples.each([&](Eigen::Index, const Column& x) { mean += x / n; });
  samples.each(
      [&](Eigen::Index, const Column& x) { sum += (x - mean).square() / n; });
  sum = sum.sqrt();
  return {{mean.data(), mean.data() + mean.size()},
          {sum.data(), sum.data() + sum.size()}};
}

/// See mean_correlations(). `moments` are moments_of(samples).
std::vector<double> correlations_of(const LoggedSamples& samples,
                                    const GeneMoments& moments) {
  const Eigen::Index n_genes = samples.n_genes();
  const Eigen::Map<const Eigen::ArrayXd> mean(moments.mean.data(), n_genes);
  const Eigen::Map<const Eigen::ArrayXd> sd(moments.sd.data(), n_genes);
  const Eigen::Array<bool, Eigen::Dynamic, 1> varies =
      sd > 1e-9 * (1 + mean.abs());
  const Eigen::ArrayXd scale = varies.select(1 / sd, 0.0);
  const auto others = static_cast<double>(varies.count()) - 1;
  if (others < 1) return std::vector<double>(moments.mean.size(), kNaN);

  // The sum of a gene's correlations with the others is the product of its
  // standardised profile with the sum of all profiles, less 1 for itself.
  Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(n_genes);
  samples.each([&](Eigen::Index, const Column& x) {
    const Eigen::ArrayXd standardised = (x - mean) * scale;
    double total = 0;
    for (Eigen::Index g = 0; g < n_genes; g += kGenesABlock) {
      total +=
          standardised.segment(g, std::min(kGenesABlock, n_genes - g)).sum();
    }
    sum += standardised * total;
  });
  const auto n = static_cast<double>(samples.n_samples());
  const Eigen::ArrayXd correlation =
      varies.select((sum / n - 1) / others, kNaN);
  return {correlation.data(), correlation.data() + correlation.size()};
}

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

GeneMoments gene_moments(const RMatrixView& x, bool linear) {
  return moments_of(LoggedSamples(x, linear));
}

std::vector<double> mean_correlations(const RMatrixView& x, bool linear) {
  const LoggedSamples samples(x, linear);
  return correlations_of(samples, moments_of(samples));
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
  const auto index = [](std::vector<double> one, std::vector<double> other) {
    return stability_index(std::move(one), std::move(other)).index;
  };
  // Logged once, and not in each repeat.
  const Eigen::ArrayXXd once = linear ? logged(x.array()) : Eigen::ArrayXXd();
  const LoggedSamples all(
      linear ? RMatrixView(once.data(), x.rows(), x.cols()) : x,
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
