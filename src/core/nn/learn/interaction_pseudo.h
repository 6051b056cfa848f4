#pragma once

#include <cstdint>
#include <vector>

#include "musl/config.h"
#include "musl/interactions.h"
#include "nn/infer/interaction_world.h"

namespace musl::nn {

/// Unlabelled pairs on which one scale teaches the other, with their
/// pseudo-labels.
struct PseudoPairs {
  LabelledPairs pairs;  // with pseudo-labels: shares, or affinities
  Matrix weight;        // (n, C)

  [[nodiscard]] std::int64_t size() const { return pairs.size(); }
  /// Share of positives in the total weight.
  [[nodiscard]] double share_positive() const;
};

/// Pseudo-labels of a pool by one scale, calibrated on validation pairs.
///
/// Labels: each is calibrated (fit_temperature()), its prior shifted from that
/// of the training pairs to control.em_prior if the task is binary, and
/// weighted by pseudo_labels(). Affinities: the share 1 - control.em_confidence
/// of the pool on which both scales agree most, with equal weights. The weights
/// of each label sum to the number of training pairs.
///
/// pool, valid  scores of the unlabelled and of the validation pairs
[[nodiscard]] PseudoPairs pseudo_pairs(const InteractionConfig& config,
                                       const ControlConfig& control,
                                       const InteractionData& data,
                                       const LabelledPairs& unlabelled,
                                       const ScaleScores& pool,
                                       const ScaleScores& valid,
                                       InteractionScale teacher);

}  // namespace musl::nn
