#include "judge/intervals.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>

#include "base/numbers.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "judge/judge.h"
#include "judge/metrics.h"

namespace musl {

namespace {

/// For each row, the share of the other class that it outranks, a tie counting
/// one half: of positives, the negatives below; of negatives, the positives
/// above. Their means are the AUROC.
std::vector<double> placements(const ScoreOrder& order,
                               const std::vector<float>& label,
                               double positives, double negatives) {
  std::vector<double> out(label.size());
  double above_positives = 0, above_negatives = 0;
  std::size_t begin = 0;
  for (const std::int32_t end : order.step_end) {
    double tied_positives = 0, tied_negatives = 0;
    for (std::size_t k = begin; k < static_cast<std::size_t>(end); ++k) {
      const auto row = static_cast<std::size_t>(order.row[k]);
      (label[row] == 1.0f ? tied_positives : tied_negatives) += 1;
    }
    for (std::size_t k = begin; k < static_cast<std::size_t>(end); ++k) {
      const auto row = static_cast<std::size_t>(order.row[k]);
      out[row] =
          label[row] == 1.0f
              ? (negatives - above_negatives - tied_negatives / 2) / negatives
              : (above_positives + tied_positives / 2) / positives;
    }
    above_positives += tied_positives;
    above_negatives += tied_negatives;
    begin = static_cast<std::size_t>(end);
  }
  return out;
}

/// Sample variance over number of rows, for the rows with this label.
double variance_of_mean(const std::vector<double>& value,
                        const std::vector<float>& label, float which,
                        double mean, double n) {
  double sum = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (label[i] == which) sum += (value[i] - mean) * (value[i] - mean);
  }
  return sum / (n - 1) / n;
}

// ---- Agreement of studies ----

// An area of 1 has no standard deviation.
constexpr double kSmallestSd = .02;

/// Means with their variances.
struct Estimates {
  std::vector<double> mean, variance;
};

Estimates mean_by_partner(const std::vector<double>& auroc,
                          const std::vector<double>& sd,
                          const std::vector<std::int32_t>& partner) {
  struct Sum {
    double auroc = 0, sd = 0, n = 0;
  };
  std::map<std::int32_t, Sum> sums;
  for (std::size_t i = 0; i < auroc.size(); ++i) {
    Sum& sum = sums[partner[i]];
    sum.auroc += auroc[i];
    sum.sd += sd[i];
    ++sum.n;
  }
  Estimates out;
  for (const auto& [name, sum] : sums) {
    const double mean_sd = std::max(sum.sd / sum.n, kSmallestSd);
    out.mean.push_back(sum.auroc / sum.n);
    out.variance.push_back(mean_sd * mean_sd);
  }
  return out;
}

struct Pooled {
  double mean = 0, variance = 0, weights = 0, squares = 0;
};

/// The mean weighted by 1 / (variance + between).
Pooled weighted_mean(const Estimates& x, double between) {
  Pooled out;
  for (std::size_t i = 0; i < x.mean.size(); ++i) {
    const double weight = 1 / (x.variance[i] + between);
    out.mean += weight * x.mean[i];
    out.weights += weight;
    out.squares += weight * weight;
  }
  out.mean /= out.weights;
  out.variance = 1 / out.weights;
  return out;
}

/// The moment estimate of the variance between partners.
double variance_between(const Estimates& x) {
  const Pooled fixed = weighted_mean(x, 0);
  double q = 0;
  for (std::size_t i = 0; i < x.mean.size(); ++i) {
    const double off = x.mean[i] - fixed.mean;
    q += off * off / x.variance[i];
  }
  const double free = static_cast<double>(x.mean.size()) - 1;
  const double unit = fixed.weights - fixed.squares / fixed.weights;
  return unit > 0 ? std::max(0.0, (q - free) / unit) : 0;
}

}  // namespace

AurocInterval auroc_interval(const std::vector<double>& score,
                             const std::vector<float>& label, double z) {
  const double area = auroc(score, label);
  const auto positives =
      static_cast<double>(std::count(label.begin(), label.end(), 1.0f));
  const double negatives = static_cast<double>(label.size()) - positives;
  if (positives < 2 || negatives < 2) return {area, kNaN, kNaN, kNaN};
  const std::vector<double> place =
      placements(order_scores(score), label, positives, negatives);
  const double sd =
      std::sqrt(variance_of_mean(place, label, 1.0f, area, positives) +
                variance_of_mean(place, label, 0.0f, area, negatives));
  return {area, sd, std::max(0.0, area - z * sd), std::min(1.0, area + z * sd)};
}

Agreement study_agreement(const std::vector<double>& auroc,
                          const std::vector<double>& sd,
                          const std::vector<std::int32_t>& partner,
                          double judged, double least) {
  if (auroc.empty()) return {kNaN, kNaN, kNaN, 1};
  constexpr double kZ = 1.959963984540054;
  const Estimates each = mean_by_partner(auroc, sd, partner);
  const Pooled found = weighted_mean(each, variance_between(each));
  const double half = kZ * std::sqrt(found.variance);
  const double below = std::clamp((least - found.mean) / half, 0.0, 1.0);
  return {found.mean, std::max(0.0, found.mean - half),
          std::min(1.0, found.mean + half),
          1 - below * std::min(1.0, 2 * judged)};
}

std::vector<std::int32_t> gene_multiplicity(std::int64_t n_genes,
                                            std::uint64_t seed,
                                            std::int64_t replicate) {
  Rng rng(derive_seed(seed, static_cast<std::uint64_t>(replicate)));
  std::vector<std::int32_t> times(static_cast<std::size_t>(n_genes), 0);
  for (std::int64_t i = 0; i < n_genes; ++i) {
    ++times[rng.below(static_cast<std::uint64_t>(n_genes))];
  }
  return times;
}

std::vector<double> node_bootstrap(const Judge& judge, std::int64_t replicates,
                                   std::uint64_t seed, int threads) {
  const std::size_t width = judge.metrics().size();
  std::vector<double> out(static_cast<std::size_t>(replicates) * width);
  parallel_for(replicates, threads, [&](std::int64_t replicate) {
    const std::vector<double> values =
        judge.measure(gene_multiplicity(judge.n_genes(), seed, replicate));
    std::copy(values.begin(), values.end(),
              out.begin() + replicate * static_cast<std::int64_t>(width));
  });
  return out;
}

double false_hit_share(double control_hits, double controls, double hits,
                       double pairs) {
  if (controls <= 0 || hits <= 0) return kNaN;
  const double rate = hits / pairs;
  return std::min(1.0, (control_hits + .5) / (controls + .5 / rate) / rate);
}

}  // namespace musl
