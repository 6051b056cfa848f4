#pragma once

#include <cstdint>
#include <vector>

#include "learners/measured_model.h"

namespace musl {

/// What a model knows of each gene, (G) each.
struct GeneCoverage {
  std::vector<std::int32_t> cohorts;       // with values of it
  std::vector<std::int32_t> interactions;  // edges of the network
  std::vector<std::int32_t> terms, families, modules;
  std::vector<std::int32_t> measured, hits;  // pairs of screens
};

[[nodiscard]] GeneCoverage gene_coverage(const MeasuredModel& model);

}  // namespace musl
