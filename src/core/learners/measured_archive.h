#pragma once

#include <string>

#include "io/archive.h"
#include "learners/measured_model.h"

namespace musl {

/// Stores a model without loss as tensors and strings under `prefix`.
void put_measured(const std::string& prefix, const MeasuredModel& model,
                  Archive* archive);
[[nodiscard]] MeasuredModel read_measured(const std::string& prefix,
                                          const Archive& archive);

}  // namespace musl
