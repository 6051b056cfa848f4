#pragma once

#include <cstdint>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// Output of a stage for n chains.
///
/// Chain i has rows offset[i] to offset[i + 1] of `residues`, its consecutive
/// residues from first[i].
struct ResidueVectors {
  Tensor residues;                   // (R, width)
  Tensor pooled;                     // (n, width)
  std::vector<std::int64_t> offset;  // (n + 1)
  std::vector<std::int64_t> first;   // (n)
};

}  // namespace musl::nn
