#pragma once

#include <cstdint>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// What a stage makes of n chains.
///
/// Chain i has rows offset[i] to offset[i + 1] of `residues`; they stand for
/// its residues from first[i] on, without a gap.
struct ResidueVectors {
  Tensor residues;                   // (R, width)
  Tensor pooled;                     // (n, width)
  std::vector<std::int64_t> offset;  // (n + 1)
  std::vector<std::int64_t> first;   // (n)
};

}  // namespace musl::nn
