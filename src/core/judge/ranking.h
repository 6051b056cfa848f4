#pragma once

#include <cstdint>
#include <vector>

#include "base/pair_set.h"
#include "judge/metrics.h"

namespace musl {

/// The partners of each gene, highest score first. A pair is in the lists of
/// both its genes.
struct AnchorLists {
  std::vector<std::int64_t> start;    // (n_genes + 1)
  std::vector<std::int32_t> partner;  // (2 n)
  std::vector<std::int32_t> step;     // equal steps are equal scores
  std::vector<float> label;           // 1, 0, NaN
};

/// order  order_scores() of the pairs' scores
[[nodiscard]] AnchorLists anchor_lists(const PairSet& pairs,
                                       const ScoreOrder& order,
                                       std::int64_t n_genes);

/// The library genes of each query, highest score first: a pair is only in the
/// list of its query.
///
/// query  (n) the gene of the pair that is the query, -1 for none
[[nodiscard]] AnchorLists query_lists(const PairSet& pairs,
                                      const std::vector<std::int32_t>& query,
                                      const ScoreOrder& order,
                                      std::int64_t n_genes);

/// The steps of one anchor's list, each partner with a label counted with its
/// multiplicity.
///
/// multiplicity  (n_genes) or empty for ones
/// steps         the result; its memory is reused
void anchor_steps(const AnchorLists& lists, std::int64_t anchor,
                  const std::vector<std::int32_t>& multiplicity,
                  std::vector<Step>* steps);

/// Cumulative sums down a ranked list, expected under random order of ties;
/// element d is the sum over the first d ranks.
struct RankCurve {
  std::vector<double> hits;           // positives
  std::vector<double> gain;           // discounted: sum of hit / log2(1 + rank)
  std::vector<double> precision_sum;  // sum of the precision at each hit
  double positives = 0;               // in the whole list
  std::vector<double> discount;       // of each rank, independent of the list
  std::vector<double> ideal;          // their sums over the first d places
};

/// Sums down to rank `depth`, or to the end of the list.
/// steps  of one anchor, integer weights
/// curve  the result; its memory is reused
void rank_curve(const std::vector<Step>& steps, std::int64_t depth,
                RankCurve* curve);

/// Metrics of the first k ranks, for one anchor with a positive.
struct RankMetrics {
  double ndcg;
  double precision;
  double recall;
  double map;  // average precision; its mean over anchors is the MAP
};

/// Relative to the true ideal: all positives of the list on top.
///
/// With n candidates and P positives in the list, precision is hits / min(k,
/// n), recall is hits / P, average precision is the sum of the precision at
/// each hit / min(k, P). `curve` must reach rank k.
[[nodiscard]] RankMetrics rank_metrics(const RankCurve& curve, std::int64_t k);

/// The expected share of a list's positives in its first `share`, at least one
/// rank; steps as in rank_curve(), with a positive.
[[nodiscard]] double recall_at_share(const std::vector<Step>& steps,
                                     double share);

}  // namespace musl
