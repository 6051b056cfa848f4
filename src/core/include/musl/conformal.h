#pragma once

#include <vector>

#include "musl/calibration.h"

namespace musl {

/// P-values of the two labels, one per pair.
struct ConformalPValues {
  std::vector<double> sl;
  std::vector<double> non_sl;
};

/// Label-conditional (Mondrian) split-conformal p-values, by number of unseen
/// genes.
///
/// The nonconformity of a score is its negative for SL and the score for
/// non-SL; p = (1 + number of calibration pairs of the label with equal or
/// greater nonconformity) / (n + 1), so ties raise p. If the pair and the
/// calibration pairs are exchangeable, the set of labels with p > epsilon
/// misses the true label with probability at most epsilon, for each label.
///
/// score (n) any real, NaN gives NaN; n_unseen (n) 0..2. Also NaN if
/// CalibrationScores::is_enough() is false.
/// Source: Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random
/// World, section 4.5.
[[nodiscard]] ConformalPValues conformal_p_values(
    const ScoresByUnseen& calibration, const std::vector<double>& score,
    const std::vector<int>& n_unseen);

}  // namespace musl
