#include "features/partner_evidence.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/numbers.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "expression/pair_sums.h"
#include "expression/profile.h"
#include "features/expression_evidence.h"
#include "features/feature_group.h"
#include "features/gene_status.h"
#include "graph/shared_neighbours.h"
#include "store/alterations.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/line_expression.h"
#include "store/network.h"
#include "store/paralogs.h"

namespace musl {

namespace {

constexpr double kMostShared = 4, kEdge = 3;  // of a network
constexpr double kCorrelation = 3, kLevel = 3;
constexpr double kAnnotation = .25;  // terms, families, modules, sequences
constexpr float kUnknownLevel = .5F;

constexpr std::int64_t kListAtOnce = 16384;

constexpr std::int64_t kFewestPairs = 100, kMostPairs = 5000;

/// (G) each gene's mean percentile of mean expression; empty without cohorts.
std::vector<float> mean_levels(const std::vector<ExpressionCohort>& cohorts) {
  if (cohorts.empty()) return {};
  const std::size_t n_genes = cohorts.front().row_of_gene.size();
  std::vector<std::vector<float>> levels;
  for (const auto& cohort : cohorts) {
    std::vector<float> mean(n_genes, kFloatNaN);
    for (std::size_t g = 0; g < n_genes; ++g) {
      const auto row = cohort.row_of_gene[g];
      if (row >= 0) mean[g] = cohort.marginals(row, 0);
    }
    levels.push_back(percentiles(mean));
  }
  return known_means(levels, size_of(cohorts.front().row_of_gene),
                     kUnknownLevel);
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

constexpr AurocInterval kUnknown{kNaN, kNaN, kNaN, kNaN};

EvidenceTest untested() { return {kUnknown, kUnknown, kUnknown}; }

/// As test_evidence(), of the values that `values_of` gives for pairs.
EvidenceTest test_values(
    const PairSet& sl, std::int64_t n_genes, std::uint64_t seed,
    const std::function<EvidenceValues(const PairSet&)>& values_of) {
  check_pairs(sl, n_genes);
  if (sl.size() < kFewestPairs) return untested();
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
  const EvidenceValues values = values_of(asked);
  const auto auroc_of = [&](const std::vector<double>& value) {
    return auroc_interval(value, label, kTellingQuantile);
  };
  return {auroc_of(values.pair), auroc_of(values.network),
          auroc_of(values.correlation)};
}

/// Adds a pair's columns to its evidence, except those of the network.
template <class Row>
void add_columns(const std::vector<EvidenceColumn>& columns, const Row& x,
                 std::size_t pair, EvidenceValues* out) {
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const auto& column = columns[j];
    const double value = x(static_cast<Eigen::Index>(j));
    if (column.name == "pearson_mean") {
      out->correlation[pair] = std::isnan(value) ? 0 : value;
    } else if (column.name == "percentile_mean_min") {
      out->genes[pair] = kLevel * (std::isnan(value) ? kUnknownLevel : value);
    } else if (column.evidence && column.group != "network") {
      out->pair[pair] +=
          column.group == "coexpression" ? value : kAnnotation * value;
    }
  }
}

}  // namespace

NetworkEvidence::NetworkEvidence(const CsrGraph& network) : network_(network) {
  if (network.empty()) return;
  const auto ends = static_cast<double>(network.neighbour.size());
  double sum = 0;
  for (std::int64_t node = 0; node < network.n_nodes(); ++node) {
    const auto d =
        static_cast<double>(network.degree(static_cast<std::int32_t>(node)));
    // A node of one edge lies between no two.
    if (d > 1) sum += d * (d - 1) / std::log(d);
  }
  shared_ = sum / (ends * ends);
  edge_ = 1 / ends;
}

double NetworkEvidence::of(std::int32_t a, std::int32_t b) const {
  if (is_empty()) return 0;
  const SharedNodes shared = shared_nodes(network_, a, b);
  const double degrees = static_cast<double>(network_.degree(a)) *
                         static_cast<double>(network_.degree(b));
  const double beyond = std::max(0.0, shared.adamic_adar - shared_ * degrees);
  return std::min(kMostShared, std::log1p(beyond)) +
         kEdge * std::min(1.0, static_cast<double>(shared.edge)) /
             (1 + edge_ * degrees);
}

PartnerEvidence::PartnerEvidence(const std::vector<ExpressionCohort>& cohorts,
                                 const CsrGraph& network)
    : cohorts_(cohorts), network_(network), level_(mean_levels(cohorts)) {}

double PartnerEvidence::of_pair(std::int32_t a, std::int32_t b) const {
  const double positive = std::max(0.0, correlation(a, b));
  return of_network(a, b) + kCorrelation * positive * positive;
}

double PartnerEvidence::correlation(std::int32_t a, std::int32_t b) const {
  double sum = 0, n = 0;
  for (const auto& cohort : cohorts_) {
    if (!has_profiles(cohort) || !cohort.has_pair(a, b)) continue;
    const auto row = [&](std::int32_t gene) {
      return profile_row(cohort, ProfileKind::standardised,
                         cohort.row_of_gene[at(gene)])
          .data();
    };
    sum += pair_sums().dot(row(a), row(b), cohort.n_samples);
    ++n;
  }
  return n > 0 ? sum / n : 0;
}

double PartnerEvidence::of_genes(std::int32_t a, std::int32_t b) const {
  if (level_.empty()) return 0;
  return kLevel * std::min(level_[at(a)], level_[at(b)]);
}

EvidenceTest test_evidence(const PartnerEvidence& evidence, const PairSet& sl,
                           std::int64_t n_genes, std::uint64_t seed,
                           int threads, const GeneStore* annotation) {
  if (evidence.is_empty() && annotation == nullptr) {
    check_pairs(sl, n_genes);
    return untested();
  }
  return test_values(sl, n_genes, seed, [&](const PairSet& asked) {
    EvidenceValues out;
    for (auto* values : {&out.pair, &out.network, &out.correlation}) {
      values->resize(asked.a.size());
    }
    parallel_for(asked.size(), threads, [&](std::int64_t k) {
      const auto i = at(k);
      const auto a = asked.a[i], b = asked.b[i];
      out.pair[i] = evidence.of_pair(a, b);
      out.network[i] = evidence.of_network(a, b);
      out.correlation[i] = evidence.correlation(a, b);
    });
    if (annotation == nullptr) return out;
    const auto more = partner_evidence(*annotation, asked, threads).pair;
    for (std::size_t i = 0; i < more.size(); ++i) out.pair[i] += more[i];
    return out;
  });
}

EvidenceValues partner_evidence(const GeneStore& store, const PairSet& pairs,
                                int threads) {
  const PairEvidence evidence(store);
  const NetworkEvidence network(store.part<Network>().graph);
  const auto columns = evidence.columns();
  EvidenceValues out;
  for (auto* values : {&out.pair, &out.network, &out.correlation, &out.genes}) {
    values->assign(pairs.a.size(), 0);
  }
  for (std::int64_t first = 0; first < pairs.size(); first += kListAtOnce) {
    const PairSet some =
        some_pairs(pairs, first, std::min(pairs.size(), first + kListAtOnce));
    const Matrix x = evidence.of(some, threads);
    for (std::size_t i = 0; i < some.a.size(); ++i) {
      const std::size_t pair = at(first) + i;
      out.pair[pair] = out.network[pair] = network.of(some.a[i], some.b[i]);
      add_columns(columns, x.row(static_cast<Eigen::Index>(i)), pair, &out);
    }
  }
  return out;
}

GeneStore annotation_of(const GeneStore& store) {
  GeneStore out;
  out.n_genes = store.n_genes;
  out.part<Terms>() = store.part<Terms>();
  out.part<Families>() = store.part<Families>();
  out.part<Modules>() = store.part<Modules>();
  out.part<Paralogs>() = store.part<Paralogs>();
  out.part<LineExpression>().expressed = expressed_share(store);
  out.part<GeneColumns>().push_back(
      {"dependent", "dependent", dependent_share(store)});
  out.part<Alterations>() = store.part<Alterations>();
  return out;
}

EvidenceTest test_evidence(const GeneStore& store, const PairSet& sl,
                           std::uint64_t seed, int threads) {
  return test_values(sl, store.n_genes, seed, [&](const PairSet& asked) {
    return partner_evidence(store, asked, threads);
  });
}

std::vector<double> order_by_evidence(const GeneStore& store,
                                      const PairSet& pairs,
                                      const std::vector<double>& score,
                                      int threads) {
  const auto evidence = partner_evidence(store, pairs, threads);
  std::vector<double> out;
  for (std::size_t i = 0; i < score.size(); ++i) {
    out.push_back(kScoreBesideEvidence * score[i] + evidence.pair[i] +
                  evidence.genes[i]);
  }
  return out;
}

}  // namespace musl
