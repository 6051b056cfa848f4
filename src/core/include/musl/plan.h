#pragma once

#include <string>
#include <vector>

#include "musl/config.h"

namespace musl {

/// A phase of training, in words.
struct PlannedPhase {
  std::string name;
  /// Modules whose weights it moves, leaves alone, and starts anew:
  /// "encoder.graph", or "encoder" where it is all of them.
  std::vector<std::string> trained, frozen, reset;
  std::vector<std::string> losses;  // "bce(fused)", "0.5 bce(branches)"
  std::string monitored;            // the output that is validated: "fused"
  std::string monitor;              // by which measure: "auprc"
  std::string optimiser, schedule;
  double learning_rate = 0, weight_decay = 0;
  int epochs = 0, patience = 0;
};

/// The phases that fit() runs for these, in their order; encoders without an
/// input, which it leaves out, are among them. InputError as fit().
[[nodiscard]] std::vector<PlannedPhase> training_plan(
    const ArchitectureConfig& architecture, const ControlConfig& control);

/// An input of pairs that networks can read.
struct InputInfo {
  std::string name;
  std::vector<std::string> reads;     // data, any of which is enough
  std::string shape, about;           // in words
  std::vector<std::string> encoders;  // that read it
};

/// An encoder, and the inputs that it may read, all of which it needs.
struct EncoderReads {
  std::string name;
  std::vector<std::string> inputs;
};

/// All that are registered, in the order of their names.
[[nodiscard]] std::vector<InputInfo> input_list();
[[nodiscard]] std::vector<EncoderReads> encoder_list();

}  // namespace musl
