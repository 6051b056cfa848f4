// Nodes of three random numbers each, from -1 to 1.
#pragma once

#include <cstdint>

#include "musl/node_set.h"
#include "musl/rng.h"

namespace musl {

inline NodeSet numbers(Eigen::Index n, std::uint64_t seed) {
  Rng rng(seed);
  NodeSet out;
  out.features.resize(n, 3);
  for (Eigen::Index i = 0; i < out.features.size(); ++i) {
    out.features.data()[i] = static_cast<float>(rng.uniform() * 2 - 1);
  }
  return out;
}

}  // namespace musl
