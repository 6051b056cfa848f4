#pragma once

#include "musl/neural_member.h"
#include "nn/nets/pair_net.h"

namespace musl::nn {

/// The weights of a network, for scoring without LibTorch.
[[nodiscard]] NeuralNet plain_net(const PairNet& net);

/// Implements the function of the same name in musl/neural_member.h.
[[nodiscard]] NeuralNet train_neural(const NeuralTraining& training,
                                     std::uint64_t seed,
                                     const std::function<bool()>& go_on);

}  // namespace musl::nn
