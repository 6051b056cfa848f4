#pragma once

#include "musl/model_state.h"
#include "nn/model/networks.h"

namespace musl::nn {

/// Whether an encoder reads known partners.
[[nodiscard]] bool reads_partners(const ArchitectureConfig& architecture);

/// Checks sizes, names and columns of `data` against the model; ShapeError that
/// names the difference. A dataset that passes is never read out of bounds.
void check_dataset(const ModelState& model, const Dataset& data);

/// The same for a model without its networks.
void check_dataset(const ModelState& model, const TorchNetworks& networks,
                   const Dataset& data);

}  // namespace musl::nn
