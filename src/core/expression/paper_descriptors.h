#pragma once

#include "expression/descriptors.h"
#include "expression/pair_sums.h"

namespace musl {

/// The second set of descriptors, of the kinds in the published MuSL:
/// correlations, information, divergences and distances.
[[nodiscard]] DescriptorValues paper_descriptors(const PairRows& pair);
[[nodiscard]] const DescriptorNames& paper_descriptor_names();

}  // namespace musl
