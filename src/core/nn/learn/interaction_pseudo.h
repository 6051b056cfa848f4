#pragma once

#include <cstdint>
#include <vector>

#include "musl/config.h"
#include "musl/interactions.h"
#include "nn/infer/interaction_world.h"

namespace musl::nn {

/// Unlabelled pairs that one scale taught the other on, and what they ought to
/// be.
struct PseudoPairs {
  LabelledPairs pairs;  // with pseudo-labels: shares, or affinities
  Matrix weight;        // (n, C)

  [[nodiscard]] std::int64_t size() const { return pairs.size(); }
  /// Of the weight of all, that of positives.
  [[nodiscard]] double share_positive() const;
};

/// What a scale thinks of a pool, by what is known of validation pairs.
///
/// Labels: each is calibrated (fit_temperature()), its prior shifted from that
/// of the training pairs to control.em_prior where the task is binary, and
/// weighed by pseudo_labels(). Affinities: of the pool the share 1 -
/// control.em_confidence that both scales agree on most, weighed alike.
/// All weights of a label add up to the number of training pairs.
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
