#pragma once

#include <vector>

#include "musl/calibration.h"

namespace musl {

/// P-values of the two labels, one a pair.
struct ConformalPValues {
  std::vector<double> sl;
  std::vector<double> non_sl;
};

/// Label-conditional (Mondrian) split-conformal p-values, by number of unseen
/// genes.
///
/// The nonconformity of a score to SL is its negative, to non-SL the score
/// itself: p = (1 + number of calibration pairs of the label with as much
/// nonconformity or more) / (n + 1), so that ties count against the pair being
/// odd. A set of the labels with p > epsilon misses the true label with
/// probability of at most epsilon, for each label, when pair and calibration
/// pairs are exchangeable.
///
/// score (n) any real, NaN gives NaN; n_unseen (n) 0..2. NaN also where
/// CalibrationScores::is_enough() is false.
/// Source: Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random
/// World, section 4.5.
[[nodiscard]] ConformalPValues conformal_p_values(
    const ScoresByUnseen& calibration, const std::vector<double>& score,
    const std::vector<int>& n_unseen);

}  // namespace musl
