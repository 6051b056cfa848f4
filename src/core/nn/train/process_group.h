#pragma once

// LibTorch's process groups behind GradientExchange. configure defines
// MUSL_GLOO and MUSL_NCCL, only for their files, if a program with them
// compiles and links.

#include <memory>

#include "nn/train/gradient_exchange.h"

namespace musl::nn {

/// Over Gloo on the loopback interface; tensors of a GPU go through the host.
/// Null in a build without it, like below.
[[nodiscard]] bool has_gloo();
[[nodiscard]] std::unique_ptr<GradientExchange> join_gloo(
    const GroupConfig& config, const std::function<bool()>& tick);

/// Over NCCL, between GPUs; `device` is used only by this process.
[[nodiscard]] bool has_nccl();
[[nodiscard]] std::unique_ptr<GradientExchange> join_nccl(
    const GroupConfig& config, torch::Device device,
    const std::function<bool()>& tick);

}  // namespace musl::nn
