#pragma once

#include <vector>

#include "base/matrix.h"

namespace musl {

/// Options of fit_logistic().
struct LogisticConfig {
  double lambda = 0.1;      // > 0; penalty on the weighted mean loss
  int max_iterations = 50;  // Newton steps, >= 1
  double tolerance = 1e-9;  // largest change of a coefficient at the end
};

/// Log-odds are intercept + x * coefficient.
struct LogisticModel {
  double intercept = 0;
  std::vector<double> coefficient;  // (F)
};

/// Logistic regression with an L2 penalty: minimises
///   sum_i w_i loss_i / sum_i w_i + lambda / 2 |coefficient|^2,
/// with an unpenalised intercept, by Newton's method with step halving.
///
/// x       (B, F), finite
/// label   (B) 0 or 1, both with weight above 0
/// weight  (B) at least 0, or empty for 1 each
///
/// There is no seed; the bits do not depend on `threads`. In glmnet's terms
/// alpha = 0, standardize = FALSE and the same lambda.
[[nodiscard]] LogisticModel fit_logistic(const Matrix& x,
                                         const std::vector<float>& label,
                                         const std::vector<float>& weight,
                                         const LogisticConfig& config,
                                         int threads);

/// Log-odds of each row of x (B, F).
[[nodiscard]] std::vector<double> predict_logistic(const LogisticModel& model,
                                                   const Matrix& x);

}  // namespace musl
