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

using Counts = std::vector<std::int64_t>;

std::int64_t of(const Counts& counts, std::int32_t gene) {
  return counts[static_cast<std::size_t>(gene)];
}

/// value(a) + value(b) of every pair.
template <class PerGene>
std::vector<double> sum_over_genes(const PairSet& pairs, PerGene&& value) {
  std::vector<double> score;
  score.reserve(pairs.a.size());
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    score.push_back(value(pairs.a[i]) + value(pairs.b[i]));
  }
  return score;
}

void write_degrees(double a, double b, float* out) {
  out[0] = static_cast<float>(std::min(a, b));
  out[1] = static_cast<float>(std::max(a, b));
  out[2] = static_cast<float>(std::log1p(a) + std::log1p(b));
}

/// Positives of each gene in each fold: folds x n_genes, fold by fold.
Counts count_by_fold(const PairSet& training, const std::vector<int>& fold,
                     std::int64_t n_genes, int folds) {
  Counts counts(static_cast<std::size_t>(folds * n_genes), 0);
  for (std::size_t i = 0; i < training.a.size(); ++i) {
    if (training.label[i] < 0.5f) continue;
    const std::int64_t first = fold[i] * n_genes;
    ++counts[static_cast<std::size_t>(first + training.a[i])];
    ++counts[static_cast<std::size_t>(first + training.b[i])];
  }
  return counts;
}

std::vector<int> deal(std::int64_t n, int folds, std::uint64_t seed) {
  const auto order = Rng(seed).permutation(n);
  std::vector<int> fold(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    const auto pair = order[static_cast<std::size_t>(i)];
    fold[static_cast<std::size_t>(pair)] = static_cast<int>(i % folds);
  }
  return fold;
}

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

std::vector<double> degree_score(const PairSet& training, const PairSet& pairs,
                                 std::int64_t n_genes) {
  const Counts degree = pair_degree(training, n_genes, /*positives_only=*/true);
  return sum_over_genes(pairs, [&](std::int32_t gene) {
    return std::log1p(static_cast<double>(of(degree, gene)));
  });
}

std::vector<double> log_odds_score(const PairSet& training,
                                   const PairSet& pairs, std::int64_t n_genes,
                                   double smoothing) {
  const auto n = static_cast<double>(training.size());
  const auto positives = static_cast<double>(
      std::count_if(training.label.begin(), training.label.end(),
                    [](float label) { return label > 0.5f; }));
  const double share = positives / n;
  const Counts all = pair_degree(training, n_genes, /*positives_only=*/false);
  const Counts sl = pair_degree(training, n_genes, /*positives_only=*/true);
  return sum_over_genes(pairs, [&](std::int32_t gene) {
    const auto p = static_cast<double>(of(sl, gene));
    const double other = static_cast<double>(of(all, gene)) - p;
    return std::log((p + smoothing * share) /
                    (other + smoothing * (1 - share))) -
           logit(share);
  });
}

DegreeFeatures degree_features(const PairSet& training, const PairSet& pairs,
                               std::int64_t n_genes, int folds,
                               std::uint64_t seed) {
  const Counts total = pair_degree(training, n_genes, /*positives_only=*/true);
  const std::vector<int> fold = deal(training.size(), folds, seed);
  const Counts inside = count_by_fold(training, fold, n_genes, folds);

  DegreeFeatures out;
  out.training.resize(training.size(), kDegreeFeatures);
  for (std::size_t i = 0; i < fold.size(); ++i) {
    const auto outside = [&](std::int32_t gene) {
      const auto at = static_cast<std::size_t>(fold[i] * n_genes + gene);
      return static_cast<double>(of(total, gene) - inside[at]);
    };
    write_degrees(outside(training.a[i]), outside(training.b[i]),
                  out.training.row(static_cast<Eigen::Index>(i)).data());
  }
  const double scale = static_cast<double>(folds - 1) / folds;
  out.pairs.resize(pairs.size(), kDegreeFeatures);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    write_degrees(scale * static_cast<double>(of(total, pairs.a[i])),
                  scale * static_cast<double>(of(total, pairs.b[i])),
                  out.pairs.row(static_cast<Eigen::Index>(i)).data());
  }
  return out;
}

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
