#pragma once

#include <vector>

namespace musl {

/// An area under the ROC curve with its confidence interval.
struct AurocInterval {
  double auroc;  // ties count one half; NaN when a class is missing
  double sd;     // DeLong's standard deviation; NaN with one pair of a class
  double lower;  // auroc - z sd, not below 0
  double upper;  // auroc + z sd, not above 1
};

/// The normal interval of DeLong, in O(n log n) by midranks.
///
/// score (n) any real, label (n) 0/1, z > 0 the normal quantile (1.96 for 95
/// %). Throws ShapeError if lengths differ, InputError for NaN and other
/// labels. Source: DeLong et al. (1988), Biometrics 44:837; Sun and Xu (2014),
/// IEEE Signal Process Lett 21:1389.
[[nodiscard]] AurocInterval auroc_interval(const std::vector<double>& score,
                                           const std::vector<float>& label,
                                           double z);

}  // namespace musl
