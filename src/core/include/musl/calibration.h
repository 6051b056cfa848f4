#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace musl {

/// Platt scaling per number of unseen genes (0, 1, 2): p = 1/(1+exp(-(slope *
/// score + intercept))). A class with fewer than `kMinCalibration` pairs, or one
/// label only, uses the pooled line. Source: Platt (1999).
struct Calibration {
  std::array<double, 3> slope{1, 1, 1};
  std::array<double, 3> intercept{0, 0, 0};
  std::array<std::int64_t, 3> n_pairs{0, 0, 0};
  double training_prior = 0.5;  // share of SL among the training pairs
};

inline constexpr std::int64_t kMinCalibration = 200;

/// score (n) logits, label (n) 0/1, n_unseen (n) 0..2. With no pairs at all the
/// identity is returned.
[[nodiscard]] Calibration fit_calibration(const std::vector<double>& score,
                                          const std::vector<float>& label,
                                          const std::vector<int>& n_unseen,
                                          double training_prior);

/// Probabilities at `prior` (NaN: the training prior): the logit is shifted by
/// logit(prior) - logit(training_prior).
[[nodiscard]] std::vector<double> calibrate(const Calibration& calibration,
                                            const std::vector<double>& score,
                                            const std::vector<int>& n_unseen,
                                            double prior);

}  // namespace musl
