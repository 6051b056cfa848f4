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

/// Supervised contrast over the projections of all modalities of one chunk.
///
/// projected, present  as above
/// label               (B) from 0.5 on SL; what it is of unknown ones is not
///                     read
/// known               (B) 0/1: pairs with a label
/// An anchor is what one modality says of one pair that has it and a label. Its
/// positives are all other anchors of the same label, of any pair and modality;
/// its denominator is over all other anchors, pairs that share a gene included,
/// since their labels tell them apart. Returns a scalar, the mean over the
/// anchors that have a positive (0 when none has one). Source: Khosla et al.
/// 2020, arXiv 2004.11362, eq. 2, with modalities in the place of augmented
/// views.
[[nodiscard]] Tensor supervised_contrastive_loss(
    const std::vector<Tensor>& projected, const Tensor& present,
    const Tensor& label, const Tensor& known, double temperature);

}  // namespace musl::nn
