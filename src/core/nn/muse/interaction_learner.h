#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/config.h"
#include "musl/interactions.h"
#include "nn/learn/learner.h"
#include "nn/learn/pair_groups.h"
#include "nn/muse/interaction_pseudo.h"
#include "nn/muse/interaction_schedule.h"
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
  std::uint64_t seed = 1;
};

/// A network of interactions trained by the phases of config.strategy. Items
/// are training pairs, then pseudo-labelled ones, or, in phases that read
/// costly nodes, groups of them (PairGroups); validation items are the labels
/// of validation pairs, pair by pair.
class InteractionLearner : public Learner {
 public:
  InteractionLearner(InteractionNet net, const InteractionProblem& problem);

  [[nodiscard]] torch::nn::Module& module() override { return *net_; }
  [[nodiscard]] const std::vector<Phase>& phases() const override {
    return phases_;
  }

  void begin_phase(const Phase& phase, const Tick& tick) override;
  void end_phase(const Phase& phase, double best) override;
  [[nodiscard]] std::int64_t n_items() const override { return groups_.size(); }
  [[nodiscard]] std::int64_t batch_items(int batch_size) const override {
    return groups_.groups_for(batch_size);
  }
  /// A whole batch, since its pairs share one pass of messages; without
  /// messages, half a batch.
  [[nodiscard]] std::int64_t chunk_size() const override;
  [[nodiscard]] ChunkLoss chunk_loss(const Chunk& chunk) const override;

  [[nodiscard]] std::int64_t n_validation() const override {
    return problem_.data.validation.label.size();
  }
  [[nodiscard]] std::vector<double> score(std::int64_t first, std::int64_t n,
                                          const Tick& tick) const override;
  [[nodiscard]] Evaluation validate(
      const std::vector<double>& score) const override;

  /// Restores the weights of the best iteration; call it when training is over.
  /// Returns the iterations in order.
  std::vector<EmRecord> finish();

 private:
  struct Batch;
  [[nodiscard]] Batch batch_of(const Chunk& chunk) const;
  void put_targets(const std::vector<std::int64_t>& pairs, Batch* batch) const;
  [[nodiscard]] std::vector<std::uint8_t> hidden_nodes(
      const std::vector<std::int32_t>& nodes, std::uint64_t seed) const;
  [[nodiscard]] std::vector<Tensor> outputs_of(const Batch& batch,
                                               const Chunk& chunk) const;
  void learn_pseudo_labels(const Phase& phase, const Tick& tick);
  [[nodiscard]] PairGroups group_pairs() const;
  [[nodiscard]] bool reads(const char* scale) const;
  void end_iteration();
  [[nodiscard]] Evaluation evaluate(const Matrix& score) const;

  mutable InteractionNet net_;
  InteractionProblem problem_;
  std::vector<Phase> phases_;
  IterationKeeper keeper_;
  std::vector<EmRecord> iterations_;
  // Of the current phase.
  Phase phase_;
  std::vector<InteractionScale> wanted_;
  Tensor all_structure_;  // that the network scale reads, where it is frozen
  PseudoPairs pseudo_;
  PairGroups groups_;
};

}  // namespace musl::nn
