#include "judge/reliability.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "base/numbers.h"
#include "judge/intervals.h"

namespace musl {

namespace {

double standard_deviation(const std::vector<double>& values) {
  if (values.size() < 2) return kNaN;
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double sum = 0;
  for (const double x : values) sum += (x - mean) * (x - mean);
  return std::sqrt(sum / (n - 1));
}

}  // namespace

std::vector<ReliabilityBin> reliability_bins(
    const std::vector<double>& probability, const std::vector<float>& label,
    int n_bins) {
  const auto order = ascending(probability);
  const auto n = static_cast<std::int64_t>(order.size());
  std::vector<ReliabilityBin> bins(static_cast<std::size_t>(n_bins));
  std::size_t bin = 0;
  for (std::int64_t rank = 0; rank < n; ++rank) {
    const std::size_t i = order[static_cast<std::size_t>(rank)];
    const bool tied =
        rank > 0 && probability[i] ==
                        probability[order[static_cast<std::size_t>(rank - 1)]];
    if (!tied) bin = static_cast<std::size_t>(rank * n_bins / n);
    ++bins[bin].n_pairs;
    bins[bin].predicted += probability[i];
    bins[bin].observed += label[i] > 0.5f ? 1 : 0;
  }
  bins.erase(
      std::remove_if(bins.begin(), bins.end(),
                     [](const ReliabilityBin& b) { return b.n_pairs == 0; }),
      bins.end());
  for (ReliabilityBin& b : bins) {
    b.predicted /= static_cast<double>(b.n_pairs);
    b.observed /= static_cast<double>(b.n_pairs);
  }
  return bins;
}

double calibration_error(const std::vector<ReliabilityBin>& bins) {
  double distance = 0, pairs = 0;
  for (const ReliabilityBin& bin : bins) {
    const auto n = static_cast<double>(bin.n_pairs);
    distance += n * std::abs(bin.predicted - bin.observed);
    pairs += n;
  }
  return pairs > 0 ? distance / pairs : kNaN;
}

double node_bootstrap_error(const std::vector<double>& value,
                            const std::vector<std::int32_t>& a,
                            const std::vector<std::int32_t>& b,
                            std::int64_t n_genes, int replicates,
                            std::uint64_t seed) {
  if (value.size() < 2) return kNaN;
  std::vector<double> means;
  for (int r = 0; r < replicates; ++r) {
    const auto times = gene_multiplicity(n_genes, seed, r);
    double sum = 0, total = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto weight =
          static_cast<double>(times[static_cast<std::size_t>(a[i])]) *
          static_cast<double>(times[static_cast<std::size_t>(b[i])]);
      sum += weight * value[i];
      total += weight;
    }
    if (total > 0) means.push_back(sum / total);
  }
  return standard_deviation(means);
}

}  // namespace musl
