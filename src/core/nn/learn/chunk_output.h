#pragma once

#include <string>

#include "nn/nets/musl_net.h"

namespace musl::nn {

/// An output of the network for a chunk, and where it counts.
struct Heard {
  Tensor logit;    // (B), or (B, M) of "branches"
  Tensor present;  // of the same shape: 1 where it counts
  Tensor among;    // scalar that a sum is divided by; undefined: 1
};

/// What the network said of a chunk: all of it, or one branch alone.
class ChunkOutput {
 public:
  /// only  the branch that runs alone, or -1
  ChunkOutput(MuslNet net, int only, const PairBatch& batch);

  /// "fused": pairs with any modality left after modality dropout; "branches":
  /// all that are fused, as if none had been dropped, their mean; or an
  /// encoder's name.
  [[nodiscard]] Heard hear(const std::string& branch) const;
  /// InternalError where one branch ran alone.
  [[nodiscard]] const NetOutput& all() const;

 private:
  MuslNet net_;
  int only_;
  NetOutput out_;
  Heard heard_;  // the only branch's
};

}  // namespace musl::nn
