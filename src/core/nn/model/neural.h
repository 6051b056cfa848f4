#pragma once

#include "learners/neural_member.h"
#include "nn/learn/neural_learner.h"

namespace musl::nn {

/// The weights of a network, for scoring without LibTorch.
[[nodiscard]] NeuralNet plain_net(const PairNet& net);

}  // namespace musl::nn
