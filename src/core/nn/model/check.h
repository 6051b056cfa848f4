#pragma once

#include "musl/model_state.h"
#include "nn/model/networks.h"

namespace musl::nn {

/// Does an encoder read known partners?
[[nodiscard]] bool reads_partners(const ArchitectureConfig& architecture);

/// Sizes, names and columns of `data` against what the model reads; ShapeError
/// that names the difference. A dataset that passes cannot be read out of
/// bounds.
void check_dataset(const ModelState& model, const Dataset& data);

/// The same of a model that does not hold its networks yet.
void check_dataset(const ModelState& model, const TorchNetworks& networks,
                   const Dataset& data);

}  // namespace musl::nn
