#pragma once

#include <cstdint>
#include <vector>

#include "musl/metrics.h"
#include "musl/pair_set.h"

namespace musl {

/// The partners of each gene, highest score first. A pair stands in the lists
/// of both its genes.
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

/// The library genes of each query, highest score first: a pair stands in the
/// list of its query alone.
///
/// query  (n) the gene of a's or b's end that is the query, -1 for none
[[nodiscard]] AnchorLists query_lists(const PairSet& pairs,
                                      const std::vector<std::int32_t>& query,
                                      const ScoreOrder& order,
                                      std::int64_t n_genes);

/// The steps of one anchor's list, partner by partner as often as it was drawn.
///
/// multiplicity  (n_genes) or empty for ones
/// unlabelled    whether partners without a label count as negatives (they are
///               left out otherwise)
/// steps         the result; its memory is used again
void anchor_steps(const AnchorLists& lists, std::int64_t anchor,
                  const std::vector<std::int32_t>& multiplicity,
                  bool unlabelled, std::vector<Step>* steps);

/// Down a ranked list, what is to be expected when the order among ties is
/// random; element d is the sum over the first d places.
struct RankCurve {
  std::vector<double> hits;  // positives
  std::vector<double> gain;  // discounted: sum of hit / log2(1 + place)
  std::vector<double> precision_sum;  // sum of the precision at each hit
  double positives = 0;               // in the whole list
  std::vector<double> discount;       // of each place, whatever the list
  std::vector<double> ideal;          // their sums over the first d places
};

/// Sums down to place `depth`, or to the last there is.
/// steps  of one anchor, whole weights
/// curve  the result; its memory is used again
void rank_curve(const std::vector<Step>& steps, std::int64_t depth,
                RankCurve* curve);

/// How good the first k places are, for one anchor with a positive.
struct RankMetrics {
  double ndcg;
  double precision;
  double recall;
  double map;  // average precision; its mean over anchors is the MAP
};

/// Against the true ideal: all positives of the list on top.
///
/// With n candidates and P positives in the list, precision is hits / min(k,
/// n), recall is hits / P, average precision is the sum of the precision at
/// each hit / min(k, P). `curve` must reach down to place k.
[[nodiscard]] RankMetrics rank_metrics(const RankCurve& curve, std::int64_t k);

/// The share of a list's positives to be expected in its first `share`, rounded
/// to at least one place; steps as in rank_curve(), with a positive.
[[nodiscard]] double recall_at_share(const std::vector<Step>& steps,
                                     double share);

inline constexpr std::int64_t kBenchmarkDepth = 100;

/// As SL_benchmark measures (cal_metrics() of its preprocess.py).
///
/// Only the first 100 places count. The ideal of NDCG and the divisor of the
/// average precision are made of the positives that the method itself returned
/// (among those 100, among the first k), so that a method which misses them is
/// not charged; precision is hits / min(k, P). Among ties, ours is the ratio of
/// the two expectations. `curve` must reach down to place 100.
/// Source: Feng et al. (2024), Nat Commun 15:9058.
[[nodiscard]] RankMetrics rank_metrics_benchmark(const RankCurve& curve,
                                                 std::int64_t k);

}  // namespace musl
