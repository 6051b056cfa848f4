#pragma once

#include "nn/inputs/pair_input.h"

namespace musl::nn {

/// Checks names, sizes and rows of the cohorts against a model's. Data without
/// cohorts passes: the modality is masked.
void check_cohorts(const KnownSizes& known, const Dataset& data);

/// Whether any cohort has both genes.
[[nodiscard]] bool in_a_cohort(const Dataset& data, std::int32_t a,
                               std::int32_t b);

}  // namespace musl::nn
