#pragma once

#include <vector>

#include "base/numbers.h"
#include "judge/calibration.h"

namespace musl {

/// Two probabilities of SL, lower <= upper.
struct Interval {
  double lower = 0;
  double upper = 1;
};

/// Inductive Venn-Abers predictor of one set of calibration pairs.
///
/// The lower end is the value at a score of the isotonic regression of the
/// labels on the scores with the pair added as non-SL; the upper end, with it
/// added as SL. If the pair and the calibration pairs are exchangeable, one of
/// the two is perfectly calibrated.
///
/// All regressions are prepared at once in O(n), a query is a binary search.
/// Source: Vovk, Petej and Fedorova (2015), NeurIPS 28:892, algorithms 1-4.
class VennAbers {
 public:
  /// calibration  scores ascending; without any, each interval is [0, 1]
  explicit VennAbers(const CalibrationScores& calibration);

  [[nodiscard]] Interval at(double score) const;

 private:
  std::vector<double> score_;  // distinct, ascending
  std::vector<double> lower_;  // of a pair with that score
  std::vector<double> upper_;
};

/// Intervals of pairs by number of unseen genes; both ends are NaN if the score
/// is NaN or CalibrationScores::is_enough() is false.
///
/// score (n) any real, n_unseen (n) 0..2.
[[nodiscard]] std::vector<Interval> venn_abers(
    const ScoresByUnseen& calibration, const std::vector<double>& score,
    const std::vector<int>& n_unseen);

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
