#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "data/config.h"
#include "data/dataset.h"
#include "data/preprocess.h"
#include "nn/base/tensor.h"
#include "nn/inputs/batcher.h"
#include "nn/learn/learner.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

/// Data and options for training a MuSL network. Members must outlive the
/// learner.
struct MuslProblem {
  const ArchitectureConfig& architecture;
  const ControlConfig& control;
  const Dataset& data;
  const Preprocess& preprocess;
  const PartnerInputs& partners;  // of the training pairs
  const PairSet& training;
  const PairSet& validation;  // may be empty
  torch::Device device;
};

/// A MuSL network trained on labelled pairs.
class MuslLearner : public Learner {
 public:
  /// net     on problem.device
  MuslLearner(MuslNet net, const MuslProblem& problem,
              std::vector<Phase> phases);

  [[nodiscard]] torch::nn::Module& module() override { return *net_; }
  [[nodiscard]] const std::vector<Phase>& phases() const override {
    return phases_;
  }
  [[nodiscard]] std::string identity() const override { return identity_; }

  void begin_phase(const Phase& phase, const Tick& tick) override;
  [[nodiscard]] std::int64_t n_items() const override {
    return problem_.training.size();
  }
  /// The vectors of the batch's genes.
  [[nodiscard]] std::vector<Tensor> begin_batch(
      const std::vector<std::int64_t>& items, std::uint64_t seed) override;
  [[nodiscard]] ChunkLoss chunk_loss(const Chunk& chunk) const override;
  /// Larger if no pair has maps and the batch is large: fewer calls.
  [[nodiscard]] std::int64_t group_size() const override;
  [[nodiscard]] std::int64_t chunk_size() const override;
  bool free_memory() override { return batcher_ && batcher_->forget(); }

  /// The gene stage of the network being trained.
  [[nodiscard]] const GeneStage& genes() const { return genes_; }

  [[nodiscard]] std::int64_t n_validation() const override {
    return problem_.validation.size();
  }
  [[nodiscard]] std::vector<double> score(std::int64_t first, std::int64_t n,
                                          const Tick& tick) const override;
  [[nodiscard]] Evaluation validate(
      const std::vector<double>& score) const override;

 private:
  [[nodiscard]] PairBatch inputs_of(const PairSet& pairs, const Chunk& chunk,
                                    ChunkRng* rng) const;
  void add_genes(const Chunk& chunk, PairBatch* batch,
                 std::vector<SharedRows>* shared) const;

  mutable MuslNet net_;
  MuslProblem problem_;
  InputContext inputs_;
  std::vector<Phase> phases_;
  GeneStage genes_;
  std::string identity_;
  // Of the current phase.
  Phase phase_;
  int only_ = -1;       // the branch that runs alone
  int monitored_ = -1;  // the validated branch; -1: the fused output
  std::optional<Batcher> batcher_;
  Tensor label_;  // (N) of the training pairs
  // Of the current batch, on the device, (B) each.
  struct Rows {
    Tensor kept;         // of the batcher's tensors; undefined: not kept
    Tensor items, a, b;  // of the labels, of the genes' vectors
  };
  Rows rows_;
  Tensor vectors_;        // (R, Dg) without their graph; undefined: not read
  bool trained_ = false;  // whether they require a gradient
};

/// The part of `seen` (B, 2) shown to the network in a training step: both
/// genes for a third of the pairs, one for a third, none for a third.
[[nodiscard]] Tensor hide_seen(const Tensor& seen, ChunkRng* rng);

}  // namespace musl::nn
