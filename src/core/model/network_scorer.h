#pragma once

#include <memory>

#include "data/dataset.h"
#include "model/model.h"
#include "model/scorer.h"

namespace musl {

/// The MuSL network ("musl").
///
/// data  null for the model's own inputs
[[nodiscard]] std::unique_ptr<Scorer> network_scorer(
    const Model& model, std::unique_ptr<Dataset> data);

}  // namespace musl
