#pragma once

#include <cstdint>
#include <vector>

#include "musl/pair_set.h"

namespace musl {

/// Pairs [first, last), without labels.
[[nodiscard]] inline PairSet some_pairs(const PairSet& pairs,
                                        std::int64_t first, std::int64_t last) {
  const auto cut = [&](const std::vector<std::int32_t>& x) {
    return std::vector<std::int32_t>(x.begin() + first, x.begin() + last);
  };
  return {cut(pairs.a), cut(pairs.b), {}};
}

}  // namespace musl
