#pragma once

#include <cstdint>
#include <vector>

#include "base/pair_set.h"
#include "expression/expression.h"
#include "graph/csr_graph.h"
#include "judge/intervals.h"
#include "store/gene_store.h"

namespace musl {

/// What a network says of two genes beyond what their degrees let expect.
///
/// Genes with many edges share neighbours with any gene. Subtracted is the
/// expectation of a random network with the same degrees (the configuration
/// model: two nodes of degrees d and d' have an edge with probability d d' / 2E
/// of E edges). Source: Newman (2010), Networks, section 13.2.
class NetworkEvidence {
 public:
  /// Refers to `network`, which may be empty.
  explicit NetworkEvidence(const CsrGraph& network);

  [[nodiscard]] bool is_empty() const { return network_.empty(); }

  /// min(4, log(1 + max(0, A - A'))) + 3 w / (1 + d d' / 2E) of the
  /// Adamic-Adar index A, its expectation A' for their degrees d and d', and
  /// the weight w of their edge, at most 1; 0 without either. The same bits for
  /// (b, a).
  [[nodiscard]] double of(std::int32_t a, std::int32_t b) const;

 private:
  const CsrGraph& network_;
  // By the product of both degrees: A' and the probability of an edge.
  double shared_ = 0, edge_ = 0;
};

/// What a network and expression say of two genes as synthetic lethal partners,
/// without learning from labels: do they share neighbours, and do cells express
/// both?
///
/// The weights were chosen on development screens and textbook pairs.
class PartnerEvidence {
 public:
  /// Refers to both arguments, whose cohorts must be unfolded.
  PartnerEvidence(const std::vector<ExpressionCohort>& cohorts,
                  const CsrGraph& network);

  /// Whether there is a network or a cohort to read.
  [[nodiscard]] bool is_empty() const {
    return cohorts_.empty() && network_.is_empty();
  }

  /// NetworkEvidence + 3 max(0, r)^2 of the genes' mean correlation r over the
  /// cohorts that have both; 0 where these are unknown. The same bits for (b,
  /// a).
  [[nodiscard]] double of_pair(std::int32_t a, std::int32_t b) const;
  /// Its parts: NetworkEvidence, and r.
  [[nodiscard]] double of_network(std::int32_t a, std::int32_t b) const {
    return network_.of(a, b);
  }
  [[nodiscard]] double correlation(std::int32_t a, std::int32_t b) const;

  /// 3 times the lower of the genes' levels: a gene's mean percentile of mean
  /// expression over the cohorts that have it, one half if none has.
  [[nodiscard]] double of_genes(std::int32_t a, std::int32_t b) const;

 private:
  const std::vector<ExpressionCohort>& cohorts_;
  NetworkEvidence network_;
  std::vector<float> level_;  // (G)
};

/// AUROC of pair evidence and of its parts between SL pairs and the same genes
/// paired anew, with intervals of `kTellingQuantile` standard errors.
struct EvidenceTest {
  AurocInterval pair{}, network{}, correlation{};

  /// Whether evidence tells these pairs beyond what their genes are, and no
  /// part says the opposite. False without values.
  [[nodiscard]] bool tells() const {
    return pair.lower > .5 && !(network.upper < .5) &&
           !(correlation.upper < .5);
  }
};

inline constexpr double kTellingQuantile = 3;

/// At most 5,000 pairs of each kind; NaN for fewer than 100 SL pairs.
///
/// sl          SL pairs; no new pair is one of them
/// annotation  of the same genes, or null: partner_evidence() of it is added to
///             evidence of the pair
[[nodiscard]] EvidenceTest test_evidence(const PartnerEvidence& evidence,
                                         const PairSet& sl,
                                         std::int64_t n_genes,
                                         std::uint64_t seed, int threads,
                                         const GeneStore* annotation = nullptr);

/// Evidence of pairs and its parts, and the part from single genes, by pair.
struct EvidenceValues {
  std::vector<double> pair, network, correlation, genes;
};

/// PartnerEvidence from the columns of a store, which may have annotation too:
/// pair adds a quarter of the evidence columns of terms, families, modules and
/// sequences.
[[nodiscard]] EvidenceValues partner_evidence(const GeneStore& store,
                                              const PairSet& pairs,
                                              int threads);

/// The terms, families, modules, paralogs and alterations of a store, and the
/// shares of gene_status.h: all that lists of a network read of it.
[[nodiscard]] GeneStore annotation_of(const GeneStore& store);

/// Weight of the score beside evidence in the order of a list.
inline constexpr double kScoreBesideEvidence = .25;

/// As test_evidence() of a network, of the columns of a store.
[[nodiscard]] EvidenceTest test_evidence(const GeneStore& store,
                                         const PairSet& sl, std::uint64_t seed,
                                         int threads);

/// What to rank partners by if members learned recorded pairs and read a store:
/// a quarter of the score, evidence of the pair, and that of its genes.
///
/// score  of each pair; NaN stays NaN
[[nodiscard]] std::vector<double> order_by_evidence(
    const GeneStore& store, const PairSet& pairs,
    const std::vector<double>& score, int threads);

}  // namespace musl
