#pragma once

#include "expression/pair_rows.h"
#include "musl/descriptors.h"

namespace musl {

/// The second set of descriptors, of the kinds in the published MuSL:
/// correlations, information, divergences and distances.
[[nodiscard]] DescriptorValues paper_descriptors(const PairRows& pair);
[[nodiscard]] const DescriptorNames& paper_descriptor_names();

}  // namespace musl
