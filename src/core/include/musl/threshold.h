#pragma once

#include <vector>

namespace musl {

/// The score from which on pairs are to be called positive for the best F1; of
/// several the highest. NaN without positives.
///
/// score  (n) any real; InputError for NaN
/// label  (n) 0/1; ShapeError for another length
[[nodiscard]] double best_f1_threshold(const std::vector<double>& score,
                                       const std::vector<float>& label);

}  // namespace musl
