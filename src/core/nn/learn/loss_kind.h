#pragma once

#include <functional>
#include <string>

#include "musl/pair_set.h"
#include "nn/learn/chunk_output.h"
#include "nn/learn/phase.h"
#include "nn/learn/target_source.h"

namespace musl::nn {

/// Inputs of a term of MuSL's loss for one chunk.
struct TermInput {
  const LossTerm& term;
  const MuslNetImpl& net;
  const PairSet& pairs;
  const ChunkOutput& output;
  const Target& target;  // on the network's device
};

/// The sum over the chunk's pairs, a scalar.
using TermValue = std::function<Tensor(const TermInput&)>;

/// A kind of loss. A new one is one new file with one registration.
struct LossKind {
  std::string name;
  TermValue value;
  /// Whether it evaluates one output of the network; if not, its branch is
  /// empty.
  bool has_branch = true;
};

/// Registers it under its name; returns true (for a static initialiser).
bool register_loss(LossKind kind);
/// InputError that lists the names if the name is unknown.
[[nodiscard]] const LossKind& loss_kind(const std::string& name);

/// (B) or (B, M) weighted cross-entropy of logits (B) or (B, M) with the target
/// of each pair, 0 if the output is absent. "bce" is its sum.
[[nodiscard]] Tensor cross_entropy_of(const Heard& heard, const Target& target);

}  // namespace musl::nn
