#pragma once

// Checkpoints of runs that read inputs like models of format version 1.

#include <cstddef>
#include <string>

#include "musl/config.h"

namespace musl {

/// The field of a checkpoint's identity that states how inputs were read;
/// absent in runs of format version 1.
constexpr char kInputsField[] = "inputs";

/// The file of one member's checkpoint; empty without checkpoints.
///
/// member  from 0
[[nodiscard]] std::string checkpoint_path(const ControlConfig& control,
                                          std::size_t member);

/// Whether training will continue from a checkpoint on exact data (Dataset).
/// False if no file is a checkpoint: training reports what is wrong with one.
[[nodiscard]] bool goes_on_exactly(const ControlConfig& control,
                                   std::size_t n_members);

}  // namespace musl
