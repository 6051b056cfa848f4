#include "judge/baselines.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "base/rng.h"

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

}  // namespace musl
