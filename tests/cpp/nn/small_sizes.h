#pragma once

#include "nn/base/tensor.h"

namespace musl::nn::fixture {

/// Inputs of the small networks in the tests: one cohort, 8 x 8 maps, 12 node
/// columns.
inline InputSizes small_sizes() {
  InputSizes sizes;
  sizes.set("histogram", {2, 8, 8});
  sizes.set("descriptors", {5});
  sizes.set("genes", {8, 4});  // the first is wide enough for relations
  sizes.set("topology", {3});
  sizes.set("partners", {2 * 7 + 2});
  return sizes;
}

}  // namespace musl::nn::fixture
