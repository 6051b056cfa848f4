#pragma once

#include <vector>

#include "musl/matrix.h"

namespace musl {

/// Metrics of several labels a pair, each 0 or 1.
struct LabelMetrics {
  double micro_f1 = 0;     // over all labels of all pairs together
  double macro_auprc = 0;  // means over the labels that have both classes;
  double macro_auroc = 0;  // NaN without any
  double micro_auprc = 0;  // over all labels of all pairs together
};

/// score, label (n, C); called where the score is at least `threshold`.
/// micro_f1 is NaN without a positive label. Ties as in auroc() and auprc().
[[nodiscard]] LabelMetrics label_metrics(const Matrix& score,
                                         const Matrix& label, double threshold);

/// Metrics of predicted numbers.
struct AffinityMetrics {
  double concordance = 0;  // NaN where all values are alike
  double mse = 0;
  double pearson = 0;  // NaN where either does not vary
  double rm2 = 0;      // r^2 (1 - sqrt(|r^2 - r0^2|)); NaN likewise
};

/// Concordance: of the pairs of rows with unlike values the share in which the
/// predictions have the same order, ties among these counting one half.
/// Source: Gonen and Heller (2005), Biometrika 92:965; rm2: Roy et al. (2013),
/// J Comput Chem 34:1071, r0^2 of the line through the origin of values on
/// predictions, as in DeepDTA's code.
[[nodiscard]] AffinityMetrics affinity_metrics(
    const std::vector<double>& found, const std::vector<double>& value);

}  // namespace musl
