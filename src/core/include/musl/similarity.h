#pragma once

#include <cstdint>
#include <vector>

#include "musl/matrix.h"
#include "musl/pair_set.h"

namespace musl {

/// Which pairs come first: those with the lowest or the largest absolute
/// correlation.
enum class PairOrder { lowest, largest_absolute };

/// Request to extreme_pairs().
struct ExtremeRequest {
  PairOrder order = PairOrder::lowest;
  /// Gene of each row of the profiles, each once.
  std::vector<std::int32_t> gene;
  /// Candidates for each end: gene indices, each once in a list.
  std::vector<std::int32_t> ends_a;
  std::vector<std::int32_t> ends_b;
  /// Keys (pair_key) to leave out, in any order.
  std::vector<std::int64_t> forbidden;
  std::int64_t count = 0;
  std::int64_t n_genes = 0;
  /// Return all pairs if there are fewer than `count`.
  bool allow_fewer = false;
};

/// The first `count` pairs by Pearson correlation, covering the genes first.
///
/// profiles  genes x samples; constant genes and genes without a row are left
///           out
///
/// Goes through the pairs in order and takes each with a gene that no earlier
/// pair has; then adds the first of the others. So each gene's first pair is
/// included, as far as `count` allows. Ties are ordered by the pair's key.
/// Throws an InputError that states how many exist if there are too few.
/// Source: the negatives "Exp" and "Dep" of Feng et al. (2024), Nat Commun
/// 15:9058.
[[nodiscard]] PairSet extreme_pairs(const RMatrixView& profiles,
                                    const ExtremeRequest& request);

}  // namespace musl
