#pragma once

#include <string>
#include <vector>

#include "musl/config.h"

namespace musl::nn {

/// One term of a phase's loss.
struct LossTerm {
  enum class Kind {
    fused,   // BCE of the fused logit
    branch,  // BCE of one branch's logit (all branches' mean when branch < 0)
    alignment,  // contrastive term
  };
  Kind kind = Kind::fused;
  int branch = -1;
  double weight = 1.0;
};

/// A stretch of training. A strategy is a list of these run by one loop.
struct Phase {
  std::string name;                  // "joint", "branch:graph", "fuse"
  std::vector<std::string> trained;  // prefixes of parameter names; empty: all
  std::vector<LossTerm> losses;
  int monitored_branch = -1;  // -1: fused logit
  int epochs = 1;
  int patience = 1;
  double learning_rate = 1e-3;
};

/// The branch that alone decides this phase, or -1: the whole network runs.
[[nodiscard]] int only_branch(const Phase& phase);

/// The phases of control.strategy for this architecture.
///   joint     each late branch apart, then "joint" of all that is fused: fused
///             + auxiliary * mean branch + alignment
///   branches  each branch apart, then "fuse" with the encoders frozen
///
/// late  (M) true for the encoders that are stacked and not fused; empty: none
[[nodiscard]] std::vector<Phase> make_phases(
    const ArchitectureConfig& arch, const ControlConfig& control,
    const std::vector<bool>& late = {});

}  // namespace musl::nn
