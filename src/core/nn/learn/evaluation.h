#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace musl::nn {

/// How well scores fit labels; NaN if there is nothing to measure.
struct Evaluation {
  double loss = std::numeric_limits<double>::quiet_NaN();  // cross-entropy
  double auroc = std::numeric_limits<double>::quiet_NaN();
  double auprc = std::numeric_limits<double>::quiet_NaN();
  bool finite = true;  // false: a score is not finite; nothing is measured
};

/// The value to maximise: "auprc", or minus the "loss".
[[nodiscard]] double monitored_value(const Evaluation& found,
                                     const std::string& monitor);

/// score (n) logits, label (n) 0/1, use (n) 1 if the pair counts.
[[nodiscard]] Evaluation evaluate_scores(const std::vector<double>& score,
                                         const std::vector<float>& label,
                                         const std::vector<std::uint8_t>& use);

}  // namespace musl::nn
