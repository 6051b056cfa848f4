#pragma once

#include <cstdint>
#include <vector>

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

}  // namespace musl
