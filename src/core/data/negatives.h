#pragma once

#include <cstdint>
#include <vector>

#include "base/pair_set.h"

namespace musl {

/// How pairs are sampled: all with equal probability, or in proportion to how
/// often the two ends occur in the lists of ends.
enum class NegativePolicy { random, degree_matched };

/// What to sample: `count` distinct pairs with one gene from each list.
struct NegativeRequest {
  NegativePolicy policy = NegativePolicy::random;
  /// Gene indices; a gene may occur in both lists, and repeatedly in one.
  std::vector<std::int32_t> ends_a;
  std::vector<std::int32_t> ends_b;
  /// Keys (pair_key) of pairs never to sample, in any order.
  std::vector<std::int64_t> forbidden;
  std::int64_t count = 0;
  std::int64_t n_genes = 0;
  std::uint64_t seed = 0;
  /// Return all pairs if there are fewer than `count`.
  bool allow_fewer = false;
};

/// Samples distinct non-SL pairs, a < b, labelled 0.
///
/// Throws an InputError that states how many exist if there are too few.
[[nodiscard]] PairSet sample_negatives(const NegativeRequest& request);

}  // namespace musl
