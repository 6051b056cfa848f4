#pragma once

#include <memory>

#include "base/pair_set.h"
#include "base/prediction.h"
#include "data/dataset.h"
#include "model/model.h"

namespace musl::nn {

/// TorchNetworks::make_scorer().
[[nodiscard]] std::unique_ptr<PairScorer> network_pair_scorer(
    const Model& model, const Dataset& data, const PairSet& asked,
    const PredictOptions& options);

}  // namespace musl::nn
