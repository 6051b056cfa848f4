#pragma once

#include <functional>
#include <memory>
#include <string>

#include "musl/archive.h"
#include "musl/events.h"
#include "musl/pair_set.h"
#include "nn/inputs/pair_input.h"
#include "nn/learn/phase.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

/// Target values of pairs.
struct Target {
  Tensor value;   // (B), or (B, D) for vectors
  Tensor weight;  // (B), 0 for pairs without a target; undefined: 1 each
};

/// Data available to a source between two phases.
struct TargetContext {
  const MuslNet& net;
  const InputContext& inputs;
  const GeneStage& genes;
  const PairSet& training;
  const PairSet& validation;
  const PairSet* calibration;  // held out beside `validation`, or null
  const Phase& phase;          // that is about to begin, or ended
  const ControlConfig& control;
  std::uint64_t seed = 0;  // of all targets of this training
  int threads = 1;
  torch::Device device;
};

/// Source of the target values of a loss term: the labels, another branch's
/// pseudo-labels of unlabelled pairs, or another branch's vectors. A new source
/// is one new file with one registration.
class TargetSource {
 public:
  TargetSource() = default;
  TargetSource(const TargetSource&) = delete;
  TargetSource& operator=(const TargetSource&) = delete;
  virtual ~TargetSource() = default;

  /// Called at the start of each phase that uses it.
  virtual void refresh(const TargetContext& context);
  /// Called at the end of every phase, with its best weights in place.
  virtual void phase_ended(const TargetContext& context);
  /// Additional unlabelled pairs for the training of such a phase.
  [[nodiscard]] virtual PairSet more_pairs() const { return {}; }
  /// How these pairs are used.
  [[nodiscard]] virtual UnlabelledUse unlabelled() const { return {}; }
  /// Targets of the pairs of a chunk, each with a <= b; unlabelled pairs have
  /// label NaN. Reentrant.
  [[nodiscard]] virtual Target of(const PairSet& pairs) const = 0;

  /// Stores the result of refresh() under `prefix`, for a resumed run.
  virtual void put_state(const std::string& prefix, Archive* archive) const;
  virtual void get_state(const std::string& prefix, const Archive& archive);
};

/// argument  the text after the colon of "<name>:<argument>"; may be empty
using TargetFactory =
    std::function<std::unique_ptr<TargetSource>(const std::string& argument)>;

/// Registers it under its name; returns true (for a static initialiser).
bool register_target(const std::string& name, TargetFactory factory);
/// The source of a term's target, "<name>" or "<name>:<argument>"; InputError
/// that lists the names if the name is unknown.
[[nodiscard]] std::unique_ptr<TargetSource> make_target(
    const std::string& target);

}  // namespace musl::nn
