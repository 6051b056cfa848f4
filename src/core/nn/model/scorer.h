#pragma once

#include <memory>

#include "musl/backend.h"

namespace musl::nn {

/// Implements Networks::make_scorer() for a model of this backend.
[[nodiscard]] std::unique_ptr<Scorer> make_scorer(
    const Model& model, const Dataset& data, const PairSet& asked,
    const PredictOptions& options);

}  // namespace musl::nn
