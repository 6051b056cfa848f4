#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/interactions.h"

namespace musl {

/// Unlabelled pairs of nodes of the training pairs, none of which stands in
/// any part of `data`; half with equal chances, half with nodes as frequent as
/// in training pairs; fewer where there are no more. The same for one seed.
[[nodiscard]] LabelledPairs draw_unlabelled_pairs(const InteractionData& data,
                                                  std::int64_t count,
                                                  std::uint64_t seed);

/// Number of nodes of each pair that no training pair shows.
[[nodiscard]] std::vector<int> count_unseen(
    const std::vector<std::uint8_t>& seen, const LabelledPairs& pairs);

}  // namespace musl
