#include "musl/partner_evidence.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "evidence/expression_evidence.h"
#include "expression/pair_sums.h"
#include "graph/neighbours.h"
#include "musl/parallel.h"
#include "musl/rng.h"

namespace musl {

namespace {

constexpr double kMostShared = 4;
constexpr double kEdge = 3, kCorrelation = 3, kLevel = 3;
constexpr float kUnknownLevel = .5F;

constexpr std::int64_t kFewestPairs = 100, kMostPairs = 5000;

/// (G) each gene's mean percentile of mean expression; empty without sources.
std::vector<float> mean_levels(const std::vector<ExpressionSource>& sources) {
  if (sources.empty()) return {};
  const std::size_t n_genes = sources.front().row_of_gene.size();
  std::vector<float> sum(n_genes, 0), n(n_genes, 0);
  for (const auto& source : sources) {
    std::vector<float> mean(n_genes, kFloatNaN);
    for (std::size_t g = 0; g < n_genes; ++g) {
      const auto row = source.row_of_gene[g];
      if (row >= 0) mean[g] = source.marginals(row, 0);
    }
    const auto level = percentiles(mean);
    for (std::size_t g = 0; g < n_genes; ++g) {
      if (std::isnan(level[g])) continue;
      sum[g] += level[g];
      ++n[g];
    }
  }
  for (std::size_t g = 0; g < n_genes; ++g) {
    sum[g] = n[g] > 0 ? sum[g] / n[g] : kUnknownLevel;
  }
  return sum;
}

double evidence_of_network(const CsrGraph& graph, std::int32_t a,
                           std::int32_t b) {
  // One order of the ends, so that sums have the same bits for (b, a).
  const SortedIds first = neighbours_of(graph, std::min(a, b));
  const SortedIds second = neighbours_of(graph, std::max(a, b));
  double adamic_adar = 0, edge = 0;
  intersect(first, second, [&](std::int32_t node) {
    adamic_adar += 1 / std::log(static_cast<double>(graph.degree(node)));
  });
  const std::int32_t* found =
      std::lower_bound(first.begin, first.end, std::max(a, b));
  if (found != first.end && *found == std::max(a, b)) {
    edge = graph.weight[at(found - graph.neighbour.data())];
  }
  return std::min(kMostShared, std::log1p(adamic_adar)) +
         kEdge * std::min(1.0, edge);
}

/// Mean correlation over the sources that have both genes; 0 if none has.
double mean_correlation(const std::vector<ExpressionSource>& sources,
                        std::int32_t a, std::int32_t b) {
  double sum = 0, n = 0;
  for (const auto& source : sources) {
    if (source.standardised.rows() == 0 || !source.has_pair(a, b)) continue;
    const auto row = [&](std::int32_t gene) {
      return source.standardised.row(source.row_of_gene[at(gene)]).data();
    };
    sum += pair_sums().dot(row(a), row(b), source.n_samples);
    ++n;
  }
  return n > 0 ? sum / n : 0;
}

/// The pairs of these ends, less those of a gene with itself and those of
/// `taken`, ascending keys.
PairSet paired_anew(const PairSet& pairs,
                    const std::vector<std::int64_t>& taken,
                    std::int64_t n_genes, Rng* rng) {
  const auto other = rng->permutation(pairs.size());
  PairSet out;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto a = pairs.a[i], b = pairs.b[at(other[i])];
    if (a == b) continue;
    const auto key = pair_key(a, b, n_genes);
    if (std::binary_search(taken.begin(), taken.end(), key)) continue;
    out.a.push_back(a);
    out.b.push_back(b);
  }
  return out;
}

}  // namespace

PartnerEvidence::PartnerEvidence(const std::vector<ExpressionSource>& sources,
                                 const CsrGraph& network)
    : sources_(sources), network_(network), level_(mean_levels(sources)) {}

double PartnerEvidence::of_pair(std::int32_t a, std::int32_t b) const {
  const double positive = std::max(0.0, correlation(a, b));
  return of_network(a, b) + kCorrelation * positive * positive;
}

double PartnerEvidence::of_network(std::int32_t a, std::int32_t b) const {
  return network_.empty() ? 0 : evidence_of_network(network_, a, b);
}

double PartnerEvidence::correlation(std::int32_t a, std::int32_t b) const {
  return mean_correlation(sources_, a, b);
}

double PartnerEvidence::of_genes(std::int32_t a, std::int32_t b) const {
  if (level_.empty()) return 0;
  return kLevel * std::min(level_[at(a)], level_[at(b)]);
}

EvidenceTest test_evidence(const PartnerEvidence& evidence, const PairSet& sl,
                           std::int64_t n_genes, std::uint64_t seed,
                           int threads) {
  check_pairs(sl, n_genes);
  constexpr AurocInterval kUnknown{kNaN, kNaN, kNaN, kNaN};
  if (evidence.is_empty() || sl.size() < kFewestPairs) {
    return {kUnknown, kUnknown, kUnknown};
  }
  Rng rng(seed);
  auto order = rng.permutation(sl.size());
  order.resize(at(std::min(sl.size(), kMostPairs)));
  PairSet asked;
  for (const auto i : order) {
    asked.a.push_back(sl.a[at(i)]);
    asked.b.push_back(sl.b[at(i)]);
  }
  const auto n_sl = asked.size();
  const auto taken = pair_keys(sl, n_genes);
  asked = joined(asked, paired_anew(asked, taken, n_genes, &rng));
  std::vector<float> label(asked.a.size(), 0);
  std::fill_n(label.begin(), n_sl, 1.0F);
  const auto auroc_of = [&](const auto& value_of) {
    std::vector<double> value(asked.a.size());
    parallel_for(asked.size(), threads, [&](std::int64_t i) {
      value[at(i)] = value_of(asked.a[at(i)], asked.b[at(i)]);
    });
    return auroc_interval(value, label, kTellingQuantile);
  };
  using Gene = std::int32_t;
  return {auroc_of([&](Gene a, Gene b) { return evidence.of_pair(a, b); }),
          auroc_of([&](Gene a, Gene b) { return evidence.of_network(a, b); }),
          auroc_of([&](Gene a, Gene b) { return evidence.correlation(a, b); })};
}

}  // namespace musl
