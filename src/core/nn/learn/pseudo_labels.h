#pragma once

#include <cstdint>
#include <vector>

#include "musl/pair_set.h"

namespace musl::nn {

/// Unlabelled pairs that training may learn from: of genes of the training
/// pairs, never one of `training` or `held_out`. Half are drawn with equal
/// chances, half so that genes come up as often as in the SL pairs; fewer where
/// there are no more. The same pairs for the same seed.
[[nodiscard]] PairSet draw_unlabelled(const PairSet& training,
                                      const PairSet& held_out,
                                      std::int64_t n_genes, std::int64_t count,
                                      std::uint64_t seed);

/// What a teacher thinks of pairs and how far to trust it.
struct PseudoLabels {
  std::vector<float> probability;  // of SL, (n)
  std::vector<float> weight;       // (n), 0: not to be learned
};

struct PseudoRules {
  double temperature = 1;       // that logits are divided by
  double shift = 0;             // logit(prior) - logit(share in training)
  double confidence = 0.5;      // |2 p - 1| from which a pair counts
  std::int64_t n_positive = 0;  // labelled
  double total = 0;             // of the weights, if any counts
  /// Whether p is above one half, instead of p: all pairs count alike.
  bool hard = false;
};

/// p = sigmoid(logit / temperature + shift), weight |2 p - 1| where that is at
/// least the confidence. The most confident come first: SL until their weights
/// are those of the labelled SL pairs, non-SL until three times as much. Hard
/// labels count alike, all that are as confident. In the end all weights add up
/// to `total`. NaN logits have weight 0.
[[nodiscard]] PseudoLabels pseudo_labels(const std::vector<double>& logit,
                                         const PseudoRules& rules);

/// The temperature, .05 to 20, of the least cross-entropy of the labels; 1 with
/// fewer than 20 pairs or one class alone. Source: Guo et al. (2017), ICML.
[[nodiscard]] double fit_temperature(const std::vector<double>& logit,
                                     const std::vector<float>& label);

}  // namespace musl::nn
