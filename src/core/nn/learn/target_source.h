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

/// What pairs ought to be.
struct Target {
  Tensor value;   // (B), or (B, D) where it is a vector
  Tensor weight;  // (B), 0 where nothing is known of a pair; undefined: 1 each
};

/// What a source may ask between two phases.
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

/// Where the right answers of a loss term come from: the labels, or what
/// another branch thinks of unlabelled pairs, or saw in the pairs. A new one is
/// one new file with one registration.
class TargetSource {
 public:
  TargetSource() = default;
  TargetSource(const TargetSource&) = delete;
  TargetSource& operator=(const TargetSource&) = delete;
  virtual ~TargetSource() = default;

  /// Called at the start of each phase that has it as a target.
  virtual void refresh(const TargetContext& context);
  /// Called at the end of every phase, with its best weights in place.
  virtual void phase_ended(const TargetContext& context);
  /// Pairs that such a phase learns from beside the training pairs; unlabelled.
  [[nodiscard]] virtual PairSet more_pairs() const { return {}; }
  /// How these are learned from.
  [[nodiscard]] virtual UnlabelledUse unlabelled() const { return {}; }
  /// Of pairs of a chunk, each with a <= b; those without a label have a NaN
  /// for it. Reentrant.
  [[nodiscard]] virtual Target of(const PairSet& pairs) const = 0;

  /// What refresh() found, under `prefix`, for a run that goes on later.
  virtual void put_state(const std::string& prefix, Archive* archive) const;
  virtual void get_state(const std::string& prefix, const Archive& archive);
};

/// argument  what stands behind the colon of "<name>:<argument>"; may be empty
using TargetFactory =
    std::function<std::unique_ptr<TargetSource>(const std::string& argument)>;

/// Adds it under its name; returns true (for a static initialiser).
bool register_target(const std::string& name, TargetFactory factory);
/// The source of a term's target, "<name>" or "<name>:<argument>"; InputError
/// that lists the names where it is none of them.
[[nodiscard]] std::unique_ptr<TargetSource> make_target(
    const std::string& target);

}  // namespace musl::nn
