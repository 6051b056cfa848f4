#pragma once

#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// Supervised contrast over the projections of all modalities of a group of B
/// pairs; of several groups if a dimension of groups precedes that of pairs.
///
/// projected  M tensors (B, P), not yet normalised
/// present    (B, M) 0/1
/// label      (B) SL if at least 0.5
/// An anchor is the projection of one modality for one pair that has it. Its
/// positives are all other anchors with the same label, of any pair and
/// modality; its denominator is over all other anchors, including pairs that
/// share a gene, since labels separate them. Returns a scalar a group, the
/// mean over the anchors that have a positive (0 if none has). Source: Khosla
/// et al. 2020, arXiv 2004.11362, eq. 2, with modalities in place of augmented
/// views.
[[nodiscard]] Tensor supervised_contrastive_loss(
    const std::vector<Tensor>& projected, const Tensor& present,
    const Tensor& label, double temperature);

}  // namespace musl::nn
