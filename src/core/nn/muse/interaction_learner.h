#pragma once

#include <memory>
#include <vector>

#include "data/config.h"
#include "muse/interactions.h"
#include "nn/learn/learner.h"
#include "nn/muse/interaction_net.h"
#include "nn/muse/interaction_world.h"

namespace musl::nn {

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
