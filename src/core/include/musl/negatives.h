#pragma once

#include <cstdint>
#include <vector>

#include "musl/pair_set.h"

namespace musl {

/// How a pair is drawn: each with equal chance, or in proportion to how often
/// its two ends stand in the lists of ends.
enum class NegativePolicy { random, degree_matched };

/// What to draw: `count` distinct pairs of one gene of either list.
struct NegativeRequest {
  NegativePolicy policy = NegativePolicy::random;
  /// Gene indices; a gene may stand in both lists, and several times in one.
  std::vector<std::int32_t> ends_a;
  std::vector<std::int32_t> ends_b;
  /// Keys (pair_key) never to be drawn, in any order.
  std::vector<std::int64_t> forbidden;
  std::int64_t count = 0;
  std::int64_t n_genes = 0;
  std::uint64_t seed = 0;
  /// Draw all there are when they are fewer than `count`.
  bool allow_fewer = false;
};

/// Draws distinct non-SL pairs, a < b, labelled 0.
///
/// Throws InputError that states how many exist when there are too few.
[[nodiscard]] PairSet sample_negatives(const NegativeRequest& request);

/// Draws distinct pairs in which each gene stands as often as in the lists of
/// ends, as far as the forbidden pairs allow; what is left over is not drawn.
///
/// ends_a, ends_b  gene indices, as often as wanted; a pair has one end of
///                 either, or two of `ends_a` when `ends_b` is empty. No gene
///                 stands in both.
/// Genes with many ends choose first, their partners in proportion to the ends
/// these have left; then ends that are left over break up drawn pairs.
[[nodiscard]] PairSet balance_negatives(
    const std::vector<std::int32_t>& ends_a,
    const std::vector<std::int32_t>& ends_b,
    const std::vector<std::int64_t>& forbidden, std::int64_t n_genes,
    std::uint64_t seed);

}  // namespace musl
