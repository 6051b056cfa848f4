#pragma once

#include <cstdint>
#include <vector>

#include "muse/interactions.h"

namespace musl {

/// Samples unlabelled pairs of nodes of the training pairs, none of them in any
/// part of `data`; half uniformly, half with nodes as frequent as in training
/// pairs; fewer if there are not enough. Determined by the seed.
[[nodiscard]] LabelledPairs draw_unlabelled_pairs(const InteractionData& data,
                                                  std::int64_t count,
                                                  std::uint64_t seed);

/// Number of nodes of each pair without a training pair.
[[nodiscard]] std::vector<int> count_unseen(
    const std::vector<std::uint8_t>& seen, const LabelledPairs& pairs);

/// The pairs of both, with their labels.
[[nodiscard]] LabelledPairs both_parts(const LabelledPairs& x,
                                       const LabelledPairs& y);

}  // namespace musl
