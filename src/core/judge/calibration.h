#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/matrix.h"

namespace musl {

inline constexpr std::int64_t kMinCalibration = 200;

/// Scores of the calibration pairs that share a number of unseen genes, by
/// label, each ascending.
struct CalibrationScores {
  std::vector<double> sl;
  std::vector<double> non_sl;

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(sl.size() + non_sl.size());
  }
  /// Whether there are enough pairs to calibrate this number of unseen genes
  /// separately.
  [[nodiscard]] bool is_enough() const { return size() >= kMinCalibration; }
};

/// Calibration scores for 0, 1 and 2 unseen genes.
using ScoresByUnseen = std::array<CalibrationScores, 3>;

/// Platt scaling per number of unseen genes (0, 1, 2): p = 1/(1+exp(-(slope *
/// score + intercept))). Classes with fewer than `kMinCalibration` pairs or
/// only one label use the pooled line. Source: Platt (1999).
struct Calibration {
  std::array<double, 3> slope{1, 1, 1};
  std::array<double, 3> intercept{0, 0, 0};
  double training_prior = 0.5;  // share of SL among the training pairs
  /// Share of SL among the pairs that each line was fitted to; the training
  /// prior if these have only one label. The number of validation negatives
  /// differs by class for technical, not biological, reasons.
  std::array<double, 3> prior{0.5, 0.5, 0.5};
  ScoresByUnseen scores;  // what the lines were fitted to
};

/// score (n) logits, label (n) 0/1, n_unseen (n) 0..2; pairs without a finite
/// score are left out. Without pairs, returns the identity.
[[nodiscard]] Calibration fit_calibration(const std::vector<double>& score,
                                          const std::vector<float>& label,
                                          const std::vector<int>& n_unseen,
                                          double training_prior);

/// Probabilities at the share `prior` of SL (NaN: the training prior): the
/// logit is shifted by logit(prior) - logit(calibration.prior) of the class.
[[nodiscard]] std::vector<double> calibrate(const Calibration& calibration,
                                            const std::vector<double>& score,
                                            const std::vector<int>& n_unseen,
                                            double prior);

/// Shifts probabilities of pairs with 0, 1 or 2 unseen genes likewise; 0 and 1
/// are unchanged. Source: Saerens et al. (2002), Neural Comput 14:21, eq. 2.4.
[[nodiscard]] std::vector<double> shift_prior(
    const Calibration& calibration, const std::vector<double>& probability,
    const std::vector<int>& n_unseen, double prior);

/// What to add to log-odds, which must not be empty, so that their
/// probabilities have this mean, in (0, 1).
[[nodiscard]] double shift_for_mean(const std::vector<double>& log_odds,
                                    double mean);

/// Shifts the log-odds of `probability` by one number, with which those of
/// `reference` have the mean `prior`, in (0, 1); without a finite reference
/// nothing changes. NaN, 0 and 1 are unchanged.
[[nodiscard]] std::vector<double> shift_to_mean(
    std::vector<double> probability, const std::vector<double>& reference,
    double prior);

/// Weights of the fused logit and of each branch's logit in the score of a pair
/// with 0, 1 or 2 unseen genes: what a branch learned about training genes is
/// more informative for pairs that contain some.
struct StackWeights {
  std::array<std::vector<double>, 3> weight;  // each (1 + M): fused, branches
  std::array<double, 3> constant{0, 0, 0};    // added to the sum
};

/// The weights before validation: if both genes are seen, 1 for the fused logit
/// and for branches that are not fused; else also `branch_weight` for each
/// fused branch.
///
/// fused  (M) 1 for a branch that is fused, else 0
[[nodiscard]] StackWeights default_weights(const std::vector<float>& fused,
                                           double branch_weight);

/// Non-negative logistic regression of the labels on the logits, each scaled to
/// unit variance, for each number of unseen genes, shrunk towards `start` by a
/// ridge of `strength`: minimises
/// sum log(1 + exp(-y (c + w . x))) + strength / 2 |w - start|^2.
/// The returned weights are for unscaled logits. Pairs with two unseen genes
/// are few, and the choice of held-out genes determines how a branch performs
/// on them: a strong ridge stays near an average of all branches.
///
/// logits  (n, 1 + M) fused, branches; 0 where the pair lacks one
/// `start` is of scaled logits, its constants are not used. A class without
/// both labels keeps its start and gets the constant 0; that of two unseen
/// genes starts half way to the result for one. Source: stacking, Wolpert
/// (1992), Neural Networks 5:241; non-negative as in Breiman (1996), Machine
/// Learning 24:49.
[[nodiscard]] StackWeights fit_stack(const Matrix& logits,
                                     const std::vector<float>& label,
                                     const std::vector<int>& n_unseen,
                                     const StackWeights& start,
                                     double strength);

/// Puts the scores of 0, 1 and 2 unseen genes on one scale, so that pairs of
/// different classes can be ranked together: maps each class's score by its
/// line of `lines` to log-odds at equal shares of SL and non-SL. Because of the
/// ridge, sums of more branches are larger.
void put_on_one_scale(const Calibration& lines, StackWeights* weights);

/// Equivalent in strength to four times as many undecided pairs.
inline constexpr double kStackStrength = 100.0;

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

/// Pairs of similar probability.
struct ReliabilityBin {
  std::int64_t n_pairs = 0;
  double predicted = 0;  // mean probability
  double observed = 0;   // share of SL
};

/// Bins with numbers of pairs as equal as ties allow, by ascending probability.
/// Equal probabilities share the bin of the first of them; empty bins are
/// dropped.
///
/// probability (n) 0..1, label (n) 0/1, n_bins >= 1.
[[nodiscard]] std::vector<ReliabilityBin> reliability_bins(
    const std::vector<double>& probability, const std::vector<float>& label,
    int n_bins);

/// Expected calibration error: the mean over the pairs of |predicted -
/// observed| of their bin. NaN without pairs.
/// Source: Naeini, Cooper and Hauskrecht (2015), AAAI 29:2901.
[[nodiscard]] double calibration_error(const std::vector<ReliabilityBin>& bins);

/// Standard error of the mean of `value` under the node bootstrap: n_genes
/// genes are sampled with replacement, and a pair counts as often as the
/// product of its genes' multiplicities.
///
/// value (n), a and b (n) indices below n_genes, replicates >= 2. NaN for fewer
/// than two pairs, or if fewer than two replicates have a pair.
[[nodiscard]] double node_bootstrap_error(const std::vector<double>& value,
                                          const std::vector<std::int32_t>& a,
                                          const std::vector<std::int32_t>& b,
                                          std::int64_t n_genes, int replicates,
                                          std::uint64_t seed);

}  // namespace musl
