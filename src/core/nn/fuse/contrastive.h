#pragma once

#include <cstdint>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// Symmetric InfoNCE between every pair of modalities of a group of B pairs; of
/// several groups if a dimension of groups precedes that of pairs.
///
/// projected  M tensors (B, P), not yet normalised
/// present    (B, M) 0/1
/// gene_a/b   (B) int64: pairs that share a gene are masked from each other's
///            denominator (they are not true negatives)
/// Uses only pairs that have both modalities; a pair of modalities with fewer
/// than two such pairs contributes nothing. Returns a scalar a group, the mean
/// over the modality pairs that contribute (0 if none does). Source: van den
/// Oord et al. 2018, eq. 4, in both directions; over modalities as in the MuSL
/// abstract.
[[nodiscard]] Tensor contrastive_loss(const std::vector<Tensor>& projected,
                                      const Tensor& present,
                                      const Tensor& gene_a,
                                      const Tensor& gene_b, double temperature);

/// Supervised contrast over the projections of all modalities of a group.
///
/// projected, present  as above
/// label               (B) SL if at least 0.5
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
