#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "musl/config.h"
#include "musl/interactions.h"
#include "nn/learn/learner.h"
#include "nn/muse/interaction_world.h"

namespace musl::nn {

/// Pairs in groups that are trained on together: single pairs, or all pairs of
/// a node that is costly to read, so that an epoch reads it once.
class PairGroups {
 public:
  /// n single pairs.
  [[nodiscard]] static PairGroups single(std::int64_t n);
  /// Groups of pairs of the same node, in order of the nodes.
  [[nodiscard]] static PairGroups by_node(
      const std::vector<std::int32_t>& node_of_pair);

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(groups_.size());
  }
  /// Numbers of the pairs of group i.
  [[nodiscard]] const std::vector<std::int64_t>& of(std::int64_t i) const {
    return groups_[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] bool is_single() const { return n_pairs_ == size(); }
  /// Number of groups with about this many pairs; if they are not single pairs,
  /// at least kFewestNodes, so that a batch does not contain only one node.
  [[nodiscard]] std::int64_t groups_for(std::int64_t pairs) const;
  /// Pairs of a group on average.
  [[nodiscard]] double mean_size() const;

  static constexpr std::int64_t kFewestNodes = 4;

 private:
  std::vector<std::vector<std::int64_t>> groups_;
  std::int64_t n_pairs_ = 0;
};

inline constexpr char kStructureScale[] = "structure";
inline constexpr char kNetworkScale[] = "network";
inline constexpr char kFusedScales[] = "fused";

/// The phases of config.strategy: "joint" (both scales by the fused score and,
/// at half weight, each scale's score), "branches" (each scale separately) or
/// "em" (then alternately, each learns the labels and the other's pseudo-labels
/// of unlabelled pairs).
[[nodiscard]] std::vector<Phase> interaction_phases(
    const InteractionConfig& config, const ControlConfig& control);

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

/// Training data of a network of interactions. Members must outlive the
/// learner; affinities are standardised.
struct InteractionProblem {
  const InteractionConfig& config;
  const ControlConfig& control;
  const InteractionData& data;
  const InteractionWorld& world;
  const LabelledPairs& unlabelled;
};

/// A network of interactions trained by the phases of config.strategy. Items
/// are training pairs, then pseudo-labelled ones, or, in phases that read
/// costly nodes, groups of them (PairGroups); validation items are the labels
/// of validation pairs, pair by pair.
class InteractionLearner : public Learner {
 public:
  /// Restores the weights of the best iteration; call it when training is over.
  /// Returns the iterations in order.
  virtual std::vector<EmRecord> finish() = 0;
};

[[nodiscard]] std::unique_ptr<InteractionLearner> make_interaction_learner(
    InteractionNet net, const InteractionProblem& problem);

}  // namespace musl::nn
