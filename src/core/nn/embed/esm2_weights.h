#pragma once

#include "musl/esm2.h"
#include "nn/embed/esm2_net.h"

namespace musl::nn {

/// Reads the weights of a folder onto a device.
///
/// precision  "float32" or "bfloat16"
/// step       called after each tensor; may throw to stop
///
/// FormatError, with the tensor's name, if a tensor is missing or its shape
/// does not match the config. Tensors of heads (lm_head, contact_head) and any
/// others are ignored.
[[nodiscard]] Esm2Weights load_esm2_weights(const Esm2Folder& folder,
                                            const std::string& device,
                                            const std::string& precision,
                                            const std::function<void()>& step);

}  // namespace musl::nn
