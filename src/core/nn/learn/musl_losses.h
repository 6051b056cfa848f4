#pragma once

#include <string>

#include "nn/base/tensor.h"
#include "nn/learn/phases.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

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
