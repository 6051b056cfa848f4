#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "judge/metrics.h"
#include "judge/ranking.h"

namespace musl {

enum class MetricKind {
  auroc,
  auprc,
  auprc_trapezoid,
  f1_max,
  f1,
  mcc,
  brier,
  ece,
  auroc_per_query,
  auprc_per_query,
  recall_1pct_per_query,
  auroc_per_anchor,
  ndcg,
  precision,
  recall,
  map
};

/// A metric by name: "auroc", "ndcg_10".
struct Metric {
  MetricKind kind;
  std::int64_t k = 0;  // top ranks that count; 0: no cut-off

  [[nodiscard]] bool is_ranked() const { return kind >= MetricKind::ndcg; }
  [[nodiscard]] bool is_per_query() const {
    return kind >= MetricKind::auroc_per_query &&
           kind <= MetricKind::recall_1pct_per_query;
  }
  [[nodiscard]] bool is_per_anchor() const {
    return kind >= MetricKind::auroc_per_anchor;
  }
};

/// Throws InputError for an unknown name.
[[nodiscard]] Metric parse_metric(const std::string& name);

/// Scored pairs to evaluate. Every vector is as long as `pairs` or, where
/// stated, empty.
struct ScoredPairs {
  PairSet pairs;              // label 1, 0 or NaN (a candidate without a label)
  std::vector<double> score;  // no NaN; infinite scores are allowed
  std::vector<double> probability;  // 0..1, or empty
  std::vector<float> called;        // 1 called positive, or empty
  /// In a directed screen, the gene of the pair that is the query, or -1 for
  /// none; empty if no pair has one.
  std::vector<std::int32_t> query;
};

/// Number of anchors that a metric averages, and number left out.
struct AnchorCount {
  std::int64_t measured = 0;
  std::int64_t left_out = 0;
};

/// Computes metrics of scored pairs under any multiplicity of their genes. Work
/// that does not depend on the multiplicity, mainly sorting, is done once.
///
/// Each gene of a pair is an anchor. Metrics per anchor are means over the
/// anchors with a positive and a negative; partners without a label do not
/// count. Metrics per query are means over the queries with a positive and a
/// negative; a query's list is the pairs in which it is the query. Metrics that
/// rank positives above negatives are NaN if either is missing; those of
/// probabilities are NaN without probabilities.
class Judge {
 public:
  /// Throws GeneError for a gene outside the universe, InputError for NaN
  /// scores.
  Judge(ScoredPairs scored, std::vector<Metric> metrics, std::int64_t n_genes);

  /// One number for each of metrics(), in order.
  ///
  /// multiplicity  (n_genes) how often each gene was sampled; empty: once. A
  ///               pair counts as the product of its genes' multiplicities, an
  ///               anchor as its multiplicity, and each partner in its list as
  ///               the partner's.
  [[nodiscard]] std::vector<double> measure(
      const std::vector<std::int32_t>& multiplicity = {}) const;

  /// Of the metrics per anchor, and of those per query, with multiplicities of
  /// 1.
  [[nodiscard]] AnchorCount anchors() const { return count(lists_); }
  [[nodiscard]] AnchorCount queries() const { return count(query_lists_); }

  [[nodiscard]] const std::vector<Metric>& metrics() const { return metrics_; }
  [[nodiscard]] std::int64_t n_genes() const { return n_genes_; }

 private:
  void measure_pairs(const std::vector<double>& weight,
                     std::vector<double>* out) const;
  /// Means of the wanted metrics over the lists of all genes.
  void measure_lists(const AnchorLists& lists,
                     const std::vector<std::int32_t>& multiplicity,
                     const std::function<bool(const Metric&)>& wanted,
                     std::vector<double>* out) const;
  [[nodiscard]] AnchorCount count(const AnchorLists& lists) const;

  ScoredPairs scored_;
  std::vector<Metric> metrics_;
  std::int64_t n_genes_;
  ScoreOrder by_score_;
  ScoreOrder by_probability_;
  AnchorLists lists_;
  AnchorLists query_lists_;
  std::int64_t depth_ = 0;  // largest rank that any metric reads
};

}  // namespace musl
