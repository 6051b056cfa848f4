#pragma once

#include "nn/encoders/encoder.h"

namespace musl::nn::test {

/// Inputs of the small networks in the tests: one source, 8 x 8 maps, 12 node
/// columns.
inline InputSizes small_sizes() {
  InputSizes sizes;
  sizes.n_sources = 1;
  sizes.histogram_channels = 2;
  sizes.bins = 8;
  sizes.descriptor_columns = 5;
  sizes.node_columns = 12;
  sizes.node_blocks = {8, 4};  // the first is wide enough for relations
  sizes.topology_columns = 3;
  sizes.partner_columns = 7;
  return sizes;
}

}  // namespace musl::nn::test
