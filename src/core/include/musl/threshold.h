#pragma once

#include <vector>

namespace musl {

/// The score at and above which calling pairs positive gives the best F1; the
/// highest of several. NaN without positives.
///
/// score  (n) any real; InputError for NaN
/// label  (n) 0/1; ShapeError for another length
[[nodiscard]] double best_f1_threshold(const std::vector<double>& score,
                                       const std::vector<float>& label);

}  // namespace musl
