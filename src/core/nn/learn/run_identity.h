#pragma once

#include <string>

#include "musl/config.h"
#include "musl/pair_set.h"
#include "nn/base/weights.h"

namespace musl::nn {

/// What a run must share with a checkpoint to continue from it, as JSON: the
/// architecture, the control except threads, device and the file's name, the
/// pairs and the initial weights.
[[nodiscard]] std::string run_identity(const ArchitectureConfig& architecture,
                                       const ControlConfig& control,
                                       const PairSet& training,
                                       const PairSet& validation,
                                       const NamedParameters& start);

}  // namespace musl::nn
