#pragma once

#include <string>
#include <vector>

#include "musl/config.h"

namespace musl {

/// Description of a training phase.
struct PlannedPhase {
  std::string name;
  /// Modules whose weights it trains, freezes and resets: "encoder.graph", or
  /// "encoder" for all encoders.
  std::vector<std::string> trained, frozen, reset;
  std::vector<std::string> losses;  // "bce(fused)", "0.5 bce(branches)"
  std::string monitored;            // the validated output: "fused"
  std::string monitor;              // the metric: "auprc"
  std::string optimiser, schedule;
  double learning_rate = 0, weight_decay = 0;
  int epochs = 0, patience = 0;
};

/// The phases that fit() runs for these, in order. Includes encoders without
/// data, which fit() leaves out. InputError like fit().
[[nodiscard]] std::vector<PlannedPhase> training_plan(
    const ArchitectureConfig& architecture, const ControlConfig& control);

/// An input of pairs that networks can read.
struct InputInfo {
  std::string name;
  std::vector<std::string> reads;     // data, any of which suffices
  std::string shape, about;           // in words
  std::vector<std::string> encoders;  // that read it
};

/// An encoder and its inputs, all of which it needs.
struct EncoderReads {
  std::string name;
  std::vector<std::string> inputs;
};

/// All registered ones, ordered by name.
[[nodiscard]] std::vector<InputInfo> input_list();
[[nodiscard]] std::vector<EncoderReads> encoder_list();

}  // namespace musl
