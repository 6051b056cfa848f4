#pragma once

#include "musl/neural_member.h"
#include "nn/nets/pair_net.h"

namespace musl::nn {

/// Its weights, for what hears it without LibTorch.
[[nodiscard]] NeuralNet plain_net(const PairNet& net);

/// As its namesake of musl/neural_member.h.
[[nodiscard]] NeuralNet train_neural(const NeuralTraining& training,
                                     std::uint64_t seed,
                                     const std::function<bool()>& go_on);

}  // namespace musl::nn
