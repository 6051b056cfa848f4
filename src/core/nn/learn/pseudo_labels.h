#pragma once

#include <cstdint>
#include <vector>

#include "musl/pair_set.h"

namespace musl::nn {

/// Samples unlabelled pairs for training: of genes of the training pairs, none
/// in `training` or `held_out`. Half are sampled uniformly, half with genes as
/// frequent as in the SL pairs; fewer if there are not enough. Determined by
/// the seed.
[[nodiscard]] PairSet draw_unlabelled(const PairSet& training,
                                      const PairSet& held_out,
                                      std::int64_t n_genes, std::int64_t count,
                                      std::uint64_t seed);

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
  /// Whether to use p > 1/2 instead of p, with equal weights.
  bool hard = false;
};

/// p = sigmoid(logit / temperature + shift), weight |2 p - 1| if that is at
/// least the confidence. The most confident come first: SL until their weights
/// sum to the number of labelled SL pairs, non-SL until three times as much.
/// Hard labels have equal weights and include all pairs of that confidence.
/// Finally all weights are scaled to sum to `total`. NaN logits have weight 0.
[[nodiscard]] PseudoLabels pseudo_labels(const std::vector<double>& logit,
                                         const PseudoRules& rules);

/// The temperature, .05 to 20, that minimises the cross-entropy of the labels;
/// 1 with fewer than 20 pairs or only one class. Source: Guo et al. (2017),
/// ICML.
[[nodiscard]] double fit_temperature(const std::vector<double>& logit,
                                     const std::vector<float>& label);

}  // namespace musl::nn
