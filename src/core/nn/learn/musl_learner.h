#pragma once

#include <optional>
#include <string>
#include <vector>

#include "musl/config.h"
#include "musl/dataset.h"
#include "musl/pair_set.h"
#include "musl/preprocess.h"
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

/// Supervised contrast over the projections of all modalities of a group of B
/// pairs; of several groups if a dimension of groups precedes that of pairs.
///
/// projected  M tensors (B, P), not yet normalised
/// present    (B, M) 0/1
/// label      (B) SL if at least 0.5
/// An anchor is the projection of one modality for one pair that has it. Its
/// positives are all other anchors with the same label, of any pair and
/// modality; its denominator is over all other anchors, including pairs that
/// share a gene, since labels separate them. Returns a scalar a group, the
/// mean over the anchors that have a positive (0 if none has). Source: Khosla
/// et al. 2020, arXiv 2004.11362, eq. 2, with modalities in place of augmented
/// views.
[[nodiscard]] Tensor supervised_contrastive_loss(
    const std::vector<Tensor>& projected, const Tensor& present,
    const Tensor& label, double temperature);

/// An output of the network for a chunk, and the pairs for which it counts.
struct BranchOutput {
  Tensor logit;      // (B), or (B, M) of "branches"
  Tensor present;    // of the same shape: 1 if it counts
  double among = 1;  // of how many outputs it takes the mean
};

/// Outputs of the network for a chunk: all, or one branch alone.
class ChunkOutput {
 public:
  /// only  the branch that runs alone, or -1
  ChunkOutput(MuslNet net, int only, const PairBatch& batch);

  /// "fused": pairs with any modality left after modality dropout; "branches":
  /// the mean of all fused branches, without modality dropout; or an encoder's
  /// name.
  [[nodiscard]] BranchOutput of(const std::string& branch) const;
  /// Of the whole network.
  [[nodiscard]] const NetOutput& all() const { return out_; }

 private:
  MuslNet net_;
  int only_;
  NetOutput out_;
  BranchOutput only_output_;
};

/// Whether a loss of this kind evaluates one output of the network: "bce"
/// (cross-entropy), not "alignment" (the contrast of all branches), whose
/// branch is empty.
[[nodiscard]] bool has_branch(const std::string& kind);

/// Sum of the cross-entropy of logits (B) or (B, M) with the label of each pair
/// where the output is present.
[[nodiscard]] Tensor cross_entropy_sum(const BranchOutput& output,
                                       const Tensor& label);

/// A term of the loss of a chunk: the sum over its pairs, a scalar. A contrast
/// is the mean over each group of `group_size` pairs, counted once per pair.
///
/// label  (B) 0/1, on the network's device
[[nodiscard]] Tensor loss_sum(const LossTerm& term, std::int64_t group_size,
                              const ChunkOutput& output, const Tensor& label);

}  // namespace musl::nn
