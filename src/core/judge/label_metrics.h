#pragma once

#include <vector>

#include "base/matrix.h"

namespace musl {

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

}  // namespace musl
