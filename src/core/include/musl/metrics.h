#pragma once

#include <cstdint>
#include <vector>

namespace musl {

/// Area under the ROC curve (ties count one half); NaN when a class is missing.
/// score (n) any real, label (n) 0/1. Throws ShapeError, and InputError for NaN.
[[nodiscard]] double auroc(const std::vector<double>& score,
                           const std::vector<float>& label);

/// Average precision (step-wise area under the precision-recall curve, ties in
/// one step): scikit-learn's average_precision_score. NaN without positives.
[[nodiscard]] double auprc(const std::vector<double>& score,
                           const std::vector<float>& label);

}  // namespace musl
