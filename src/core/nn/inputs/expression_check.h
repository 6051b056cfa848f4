#pragma once

#include "nn/inputs/pair_input.h"

namespace musl::nn {

/// Names, sizes and rows of the sources against a model's. No source at all is
/// fine: the modality is masked.
void check_sources(const KnownSizes& known, const Dataset& data);

/// Has a source both genes?
[[nodiscard]] bool in_a_source(const Dataset& data, std::int32_t a,
                               std::int32_t b);

}  // namespace musl::nn
