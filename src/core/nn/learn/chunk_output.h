#pragma once

#include <string>

#include "nn/nets/musl_net.h"

namespace musl::nn {

/// An output of the network for a chunk, and the pairs for which it counts.
struct Heard {
  Tensor logit;    // (B), or (B, M) of "branches"
  Tensor present;  // of the same shape: 1 if it counts
  Tensor among;    // scalar that a sum is divided by; undefined: 1
};

/// Outputs of the network for a chunk: all, or one branch alone.
class ChunkOutput {
 public:
  /// only  the branch that runs alone, or -1
  ChunkOutput(MuslNet net, int only, const PairBatch& batch);

  /// "fused": pairs with any modality left after modality dropout; "branches":
  /// the mean of all fused branches, without modality dropout; or an encoder's
  /// name.
  [[nodiscard]] Heard hear(const std::string& branch) const;
  /// InternalError if one branch ran alone.
  [[nodiscard]] const NetOutput& all() const;

 private:
  MuslNet net_;
  int only_;
  NetOutput out_;
  Heard heard_;  // the only branch's
};

}  // namespace musl::nn
