#pragma once

// Checkpoints of runs that read their inputs as models of format version 1 do.

#include <cstddef>
#include <string>

#include "musl/config.h"

namespace musl {

/// The field of a checkpoint's identity that tells how inputs were read; runs
/// of format version 1 have none.
constexpr char kInputsField[] = "inputs";

/// The file of one member's checkpoint; empty without checkpoints.
///
/// member  from 0
[[nodiscard]] std::string checkpoint_path(const ControlConfig& control,
                                          std::size_t member);

/// Will training go on from a checkpoint over exact data (Dataset)? False where
/// no file is a checkpoint: training tells what is wrong with one.
[[nodiscard]] bool goes_on_exactly(const ControlConfig& control,
                                   std::size_t n_members);

}  // namespace musl
