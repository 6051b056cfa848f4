#pragma once

#include "nn/inputs/pair_input.h"

namespace musl::nn {

/// Checks names, sizes and rows of the sources against a model's. Data without
/// sources passes: the modality is masked.
void check_sources(const KnownSizes& known, const Dataset& data);

/// Whether any source has both genes.
[[nodiscard]] bool in_a_source(const Dataset& data, std::int32_t a,
                               std::int32_t b);

}  // namespace musl::nn
