// Nodes of three random numbers each, from -1 to 1; parts of their files.
#pragma once

#include <cstdint>
#include <string>

#include "base/rng.h"
#include "io/archive_fields.h"
#include "muse/node_set.h"

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

template <class Value>
void put(const std::string& name, const Value& x, Archive* archive) {
  TensorWriter("", archive)(name, x);
}

}  // namespace musl
