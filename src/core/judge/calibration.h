#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

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

}  // namespace musl
