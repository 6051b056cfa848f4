#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// Whether the name starts with one of the prefixes; true without prefixes.
[[nodiscard]] bool has_prefix(const std::string& name,
                              const std::vector<std::string>& prefixes);

/// Initialises parameters from `seed` alone, in name order, without using or
/// changing torch's global generator: Kaiming uniform with half-width 1 /
/// sqrt(fan in) for matrices and sqrt(6 / fan in) for kernels, zero biases,
/// LayerNorm 1/0. Source: He et al. (2015), arXiv 1502.01852.
///
/// prefixes  of the names of parameters to initialise, each to the value it
///           would have if all were initialised; none: all
void initialise(torch::nn::Module& module, std::uint64_t seed,
                const std::vector<std::string>& prefixes = {});

}  // namespace musl::nn
