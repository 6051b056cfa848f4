#pragma once

#include "musl/esm2.h"
#include "nn/embed/esm2_net.h"

namespace musl::nn {

/// Reads the weights of a folder onto a device.
///
/// precision  "float32" or "bfloat16"
/// step       called after each tensor; may throw to stop
///
/// FormatError, with the tensor's name, for one that is missing or of another
/// shape than the config says. Tensors of heads (lm_head, contact_head) and
/// whatever else a folder holds are passed over.
[[nodiscard]] Esm2Weights load_esm2_weights(const Esm2Folder& folder,
                                            const std::string& device,
                                            const std::string& precision,
                                            const std::function<void()>& step);

}  // namespace musl::nn
