#pragma once

#include <string>
#include <vector>

#include "nn/infer/encoded_pairs.h"

namespace musl::nn {

/// The result of PairScorer::balance(); one entry of `members` per network.
///
/// label  (N) 0/1
[[nodiscard]] Balance balance_of(const std::vector<EncodedPairs>& members,
                                 const Tensor& stack,
                                 const std::vector<std::string>& encoders,
                                 const std::vector<float>& label,
                                 const BalanceOptions& options, int threads);

}  // namespace musl::nn
