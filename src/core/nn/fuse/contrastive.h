#pragma once

#include <cstdint>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// Symmetric InfoNCE between every pair of modalities of one chunk.
///
/// projected  M tensors (B, P), not yet normalised
/// present    (B, M) 0/1
/// gene_a/b   (B) int64: pairs that share a gene are masked from each other's
///            denominator (they are no honest negatives)
/// Only pairs that have both modalities take part; a pair of modalities with
/// fewer than two such pairs contributes nothing. Returns a scalar, the mean
/// over the modality pairs that contributed (0 when none did). Source: van den
/// Oord et al. 2018, eq. 4, in both directions; over modalities as in the MuSL
/// abstract.
[[nodiscard]] Tensor contrastive_loss(const std::vector<Tensor>& projected,
                                      const Tensor& present,
                                      const Tensor& gene_a,
                                      const Tensor& gene_b, double temperature);

}  // namespace musl::nn
