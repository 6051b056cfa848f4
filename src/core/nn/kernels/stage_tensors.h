#pragma once

#include <vector>

#include "nn/base/plain_tensor.h"

namespace musl::nn {

constexpr std::int64_t kStageGroup = 16;  // channels come in multiples of it
constexpr int kTaps = 9;                  // of a 3x3 kernel

/// Gradients of a fused stage. maps is undefined if not requested.
struct StageGradients {
  Tensor maps, weight, bias;
};

/// Whether maps are square, of even side and single precision on the CPU, with
/// output channels in groups.
[[nodiscard]] inline bool fits_stage(const Tensor& maps, const Tensor& weight) {
  return maps.is_cpu() && maps.scalar_type() == at::kFloat &&
         weight.scalar_type() == at::kFloat && maps.size(2) % 2 == 0 &&
         maps.size(2) == maps.size(3) && weight.size(0) % kStageGroup == 0;
}

/// Room for (B, width, K / 2, K / 2), channels last.
[[nodiscard]] inline Tensor stage_output(const Tensor& maps,
                                         std::int64_t width) {
  return at::empty({maps.size(0), width, maps.size(2) / 2, maps.size(3) / 2},
                   maps.options(), at::MemoryFormat::ChannelsLast);
}

[[nodiscard]] inline std::vector<float> zeros(std::int64_t size) {
  return std::vector<float>(static_cast<std::size_t>(size), 0.0f);
}

}  // namespace musl::nn
