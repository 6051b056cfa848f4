#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/metrics.h"
#include "musl/pair_set.h"
#include "musl/ranking.h"

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

/// A metric by name: "auroc", "ndcg_10", "map_50_slbench".
struct Metric {
  MetricKind kind;
  std::int64_t k = 0;      // places that count; 0 for those without a rank
  bool benchmark = false;  // the SL_benchmark's variant

  [[nodiscard]] bool is_ranked() const { return kind >= MetricKind::ndcg; }
  [[nodiscard]] bool is_per_query() const {
    return kind >= MetricKind::auroc_per_query &&
           kind <= MetricKind::recall_1pct_per_query;
  }
  [[nodiscard]] bool is_per_anchor() const {
    return kind >= MetricKind::auroc_per_anchor;
  }
};

/// Throws InputError for a name that is none.
[[nodiscard]] Metric parse_metric(const std::string& name);

/// What is judged. Every vector is as long as the pairs.
struct ScoredPairs {
  PairSet pairs;              // label 1, 0 or NaN (a candidate without a label)
  std::vector<double> score;  // no NaN; infinite ones are ordered like others
  std::vector<double> probability;  // 0..1, or empty where there is none
  std::vector<float> called;        // 1 called positive, or empty
  /// Of a directed screen, which end is the query: a's or b's gene, or -1 for
  /// none; empty where no pair has one.
  std::vector<std::int32_t> query;
};

/// Anchors a metric is the mean of, and those it leaves out.
struct AnchorCount {
  std::int64_t measured = 0;
  std::int64_t left_out = 0;
};

/// Measures one set of scored pairs under any multiplicity of its genes. What
/// does not depend on the multiplicity, the sorting above all, is done once.
///
/// Each gene of a pair is an anchor. Metrics per anchor are means over the
/// anchors with a positive and a negative; the benchmark's variants over those
/// with a positive, partners without a label counting as negatives. Metrics per
/// query are means over the queries with a positive and a negative, each with
/// the list of the pairs it is the query of. Metrics that rank positives before
/// negatives are NaN without one of the two, those of probabilities where there
/// are none.
class Judge {
 public:
  /// Throws ShapeError, GeneError, or InputError for NaN, a label or a
  /// probability out of range, and a pair of a gene with itself.
  Judge(ScoredPairs scored, std::vector<Metric> metrics, std::int64_t n_genes);

  /// One number for each metric, in their order.
  ///
  /// multiplicity  (n_genes) how often each gene was drawn, or empty for once.
  /// A pair counts as often as both its genes were drawn together, an anchor as
  /// often as it was, and each partner in its list as often as that one was.
  [[nodiscard]] std::vector<double> measure(
      const std::vector<std::int32_t>& multiplicity = {}) const;

  /// Of the metrics per anchor, or of the benchmark's, each gene drawn once.
  [[nodiscard]] AnchorCount anchors(bool benchmark) const;

  /// Of the metrics per query.
  [[nodiscard]] AnchorCount queries() const;

  [[nodiscard]] const std::vector<Metric>& metrics() const { return metrics_; }
  [[nodiscard]] std::int64_t n_genes() const { return n_genes_; }

 private:
  void measure_pairs(const std::vector<double>& weight,
                     std::vector<double>* out) const;
  void measure_anchors(const std::vector<std::int32_t>& multiplicity,
                       bool benchmark, std::vector<double>* out) const;
  void measure_queries(const std::vector<std::int32_t>& multiplicity,
                       std::vector<double>* out) const;
  [[nodiscard]] bool wants_anchors(bool benchmark) const;

  ScoredPairs scored_;
  std::vector<Metric> metrics_;
  std::int64_t n_genes_;
  ScoreOrder by_score_;
  ScoreOrder by_probability_;
  AnchorLists lists_;
  AnchorLists query_lists_;
  std::int64_t depth_ = 0;  // the deepest place that counts
};

}  // namespace musl
