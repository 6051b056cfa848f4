#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// Does the name start with one of the prefixes? Where there are none it does.
[[nodiscard]] bool has_prefix(const std::string& name,
                              const std::vector<std::string>& prefixes);

/// Initialises parameters from `seed` alone, in name order, independent of
/// torch's global generator, which is left as found: Kaiming uniform with
/// half-width 1 / sqrt(fan in) for matrices and sqrt(6 / fan in) for kernels,
/// zero biases, LayerNorm 1/0. Source: He et al. (2015), arXiv 1502.01852.
///
/// prefixes  of the names of those to initialise, each to the values that it
///           would have among all; none: all
void initialise(torch::nn::Module& module, std::uint64_t seed,
                const std::vector<std::string>& prefixes = {});

}  // namespace musl::nn
