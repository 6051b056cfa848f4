#pragma once

#include <cstdint>

#include "base/prediction.h"
#include "nn/base/tensor.h"
#include "nn/inputs/batcher.h"
#include "nn/inputs/pair_input.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

/// A network and what explanations of it read; all must outlive their use.
struct AttributedNet {
  MuslNet net;
  const InputContext& context;
  const Batcher& batcher;
  const GeneStage& genes;
};

/// Integrated gradients of one network's score of one pair, in evaluation mode.
///
/// The path is a straight line from a reference pair to the pair. The reference
/// pair has the histograms of two independent genes with the same marginals,
/// the gene vectors of the average gene (or, if the dataset has node features
/// and the network reads rows of them, its features and their propagated
/// copies), and zeros in all standardised columns, their means over the
/// training pairs. Masks and seen genes are those of the pair. Source:
/// Sundararajan et al. (2017), Axiomatic attribution for deep networks, ICML,
/// eq. 1; by midpoints, doubling the steps until the sum of the contributions
/// is within the tolerance.
///
/// stack       as ScoreRequest::stack
/// most_steps  of the path
///
/// a <= b; InputError for a pair without any modality.
[[nodiscard]] Attribution attribute(const AttributedNet& of, std::int32_t a,
                                    std::int32_t b, const Tensor& stack,
                                    int most_steps);

}  // namespace musl::nn
