#pragma once

#include <cstdint>
#include <vector>

#include "base/numbers.h"

namespace musl {

/// Index of each of n known genes in a new universe, -1 for none; `gene_of` has
/// that of each new gene among the known ones.
[[nodiscard]] inline std::vector<std::int32_t> inverse_map(
    const std::vector<std::int32_t>& gene_of, std::int64_t n) {
  std::vector<std::int32_t> out(at(n), -1);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] >= 0) out[at(gene_of[g])] = static_cast<std::int32_t>(g);
  }
  return out;
}

}  // namespace musl
