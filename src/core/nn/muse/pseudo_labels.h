#pragma once

#include <cstdint>
#include <vector>

#include "muse/interactions.h"
#include "nn/muse/interaction_world.h"

namespace musl::nn {

/// A teacher's pseudo-labels of pairs and their weights.
struct PseudoLabels {
  std::vector<float> probability;  // of SL, (n)
  std::vector<float> weight;       // (n), 0: unused
};

struct PseudoRules {
  double temperature = 1;       // that logits are divided by
  double shift = 0;             // logit(prior) - logit(share in training)
  double confidence = 0.5;      // |2 p - 1| from which a pair counts
  std::int64_t n_positive = 0;  // labelled
  double total = 0;             // of the weights, if any counts
};

/// p = sigmoid(logit / temperature + shift), weight |2 p - 1| if that is at
/// least the confidence. The most confident come first: SL until their weights
/// sum to the number of labelled SL pairs, non-SL until three times as much.
/// Finally all weights are scaled to sum to `total`. NaN logits have weight 0.
[[nodiscard]] PseudoLabels pseudo_labels(const std::vector<double>& logit,
                                         const PseudoRules& rules);

/// The temperature, .05 to 20, that minimises the cross-entropy of the labels;
/// 1 with fewer than 20 pairs or only one class. Source: Guo et al. (2017),
/// ICML.
[[nodiscard]] double fit_temperature(const std::vector<double>& logit,
                                     const std::vector<float>& label);

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
/// of the training pairs to config.em.prior if the task is binary, and
/// weighted by pseudo_labels(). Affinities: the half of the pool on which both
/// scales agree most, with equal weights. The weights of each label sum to the
/// number of training pairs.
///
/// pool, valid  scores of the unlabelled and of the validation pairs
[[nodiscard]] PseudoPairs pseudo_pairs(const InteractionConfig& config,
                                       const InteractionData& data,
                                       const LabelledPairs& unlabelled,
                                       const ScaleScores& pool,
                                       const ScaleScores& valid,
                                       InteractionScale teacher);

}  // namespace musl::nn
