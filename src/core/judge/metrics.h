#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"

namespace musl {

/// Area under the ROC curve (ties count one half); NaN if a class is missing.
/// score (n) any real, label (n) 0/1. Throws InputError for NaN.
[[nodiscard]] double auroc(const std::vector<double>& score,
                           const std::vector<float>& label);

/// Average precision (step-wise area under the precision-recall curve, ties in
/// one step): scikit-learn's average_precision_score. NaN without positives.
[[nodiscard]] double auprc(const std::vector<double>& score,
                           const std::vector<float>& label);

/// The rows by descending value; rows with the same value form one step.
struct ScoreOrder {
  std::vector<std::int32_t> row;       // (n)
  std::vector<std::int32_t> step_end;  // end (exclusive) of each step in `row`
};

/// Infinite values are allowed. Throws InputError for NaN.
[[nodiscard]] ScoreOrder order_scores(const std::vector<double>& value);

/// Weight of the positives and negatives that share one score.
struct Step {
  double positives = 0;
  double negatives = 0;
};

/// One step for each distinct score, highest first.
///
/// label   (n) 1, 0, or NaN for rows to leave out
/// weight  (n) >= 0, or empty for ones
[[nodiscard]] std::vector<Step> score_steps(const ScoreOrder& order,
                                            const std::vector<float>& label,
                                            const std::vector<double>& weight);

/// Results of one pass over the steps. Integer weights give the same values as
/// repeating each row that often.
struct CurveMetrics {
  double auroc;            // NaN if a class is missing
  double auprc;            // average precision; NaN without positives
  double auprc_trapezoid;  // straight lines between the points; likewise
  double f1_max;           // best F1 over all thresholds; likewise
};

/// The trapezoid starts at recall 0 with precision 1, as in scikit-learn's
/// auc(recall, precision); it flatters scores with ties.
[[nodiscard]] CurveMetrics curve_metrics(const std::vector<Step>& steps);

/// 2 TP / (2 TP + FP + FN). NaN without positives.
/// called (n) 0/1, label and weight as in score_steps().
[[nodiscard]] double f1_score(const std::vector<float>& called,
                              const std::vector<float>& label,
                              const std::vector<double>& weight);

/// Matthews' correlation coefficient of calls and labels, -1 to 1; 0 if all or
/// none are called. NaN with only one label. Arguments as in f1_score().
/// Source: Matthews (1975), Biochim Biophys Acta 405:442.
[[nodiscard]] double matthews(const std::vector<float>& called,
                              const std::vector<float>& label,
                              const std::vector<double>& weight);

/// Weighted mean of (probability - label)^2; NaN if nothing is labelled.
[[nodiscard]] double brier_score(const std::vector<double>& probability,
                                 const std::vector<float>& label,
                                 const std::vector<double>& weight);

inline constexpr int kCalibrationBins = 10;

/// Expected calibration error: the mean over bins of equal mass of
/// |share of positives - mean probability|. NaN if nothing is labelled.
///
/// Rows with equal probability are exchangeable: if they span the border of two
/// bins, each bin gets its share of their weight and positives.
/// order  order_scores(probability)
[[nodiscard]] double calibration_error(const ScoreOrder& order,
                                       const std::vector<double>& probability,
                                       const std::vector<float>& label,
                                       const std::vector<double>& weight,
                                       int bins = kCalibrationBins);

/// Metrics of several labels a pair, each 0 or 1.
struct LabelMetrics {
  double micro_f1 = 0;     // over all labels of all pairs together
  double macro_auprc = 0;  // means over the labels that have both classes;
  double macro_auroc = 0;  // NaN without any
  double micro_auprc = 0;  // over all labels of all pairs together
};

/// score, label (n, C); a label is called if its score is >= `threshold`.
/// micro_f1 is NaN without a positive label. Ties as in auroc() and auprc().
[[nodiscard]] LabelMetrics label_metrics(const Matrix& score,
                                         const Matrix& label, double threshold);

/// The threshold of label_metrics() with the largest micro_f1: halfway between
/// the smallest called score and the next; of equally good ones the largest;
/// kUsualThreshold without a positive label.
[[nodiscard]] double best_threshold(const Matrix& score, const Matrix& label);
inline constexpr double kUsualThreshold = 0.5;

/// Metrics of predicted numbers.
struct AffinityMetrics {
  double concordance = 0;  // NaN if all values are equal
  double mse = 0;
  double pearson = 0;  // NaN if either is constant
  double rm2 = 0;      // r^2 (1 - sqrt(|r^2 - r0^2|)); NaN likewise
};

/// Concordance: among pairs of rows with unequal values, the share whose
/// predictions have the same order; tied predictions count one half.
/// Source: Gonen and Heller (2005), Biometrika 92:965; rm2: Roy et al. (2013),
/// J Comput Chem 34:1071, r0^2 from the regression of values on predictions
/// through the origin, as in DeepDTA's code.
[[nodiscard]] AffinityMetrics affinity_metrics(
    const std::vector<double>& found, const std::vector<double>& value);

/// The score at and above which calling pairs positive gives the best F1; the
/// highest of several. NaN without positives.
///
/// score  (n) any real, not NaN
/// label  (n) 0/1
[[nodiscard]] double best_f1_threshold(const std::vector<double>& score,
                                       const std::vector<float>& label);

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
