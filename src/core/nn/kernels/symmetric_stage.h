#pragma once

#include <cstdint>
#include <vector>

#include "nn/base/plain_tensor.h"

namespace musl::nn {

/// Whether maps (count, side, side) equal their transposes.
[[nodiscard]] bool are_symmetric(const float* maps, std::int64_t count,
                                 std::int64_t side);

/// map_stage() of symmetric maps by half the products: where a kernel is split
/// into a symmetric and an antisymmetric part, the pixels (i, j) and (j, i) are
/// the sum and the difference of the same two sums.
class SymmetricStage {
 public:
  /// weight (W, C, 3, 3), bias (W), which must outlive this; side of the maps
  SymmetricStage(const Tensor& weight, const Tensor& bias, std::int64_t side);

  /// maps (C, K, K), symmetric -> out (K / 2, K / 2, W). `silent` (words, W),
  /// all 0, or null: see mark_silent().
  void run(const float* maps, float* out, std::int32_t* silent);

 private:
  std::int64_t channels_, side_, width_;
  const float* bias_;
  std::vector<float> weight_;  // (W / kStageGroup, C, 9, kStageGroup)
  std::vector<float> planes_;  // (C, 5, side + 2, side + 2)
};

}  // namespace musl::nn
