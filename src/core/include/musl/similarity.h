#pragma once

#include <cstdint>
#include <vector>

#include "musl/matrix.h"
#include "musl/pair_set.h"

namespace musl {

/// Families of alike genes: the connected components of the graph whose edges
/// are the pairs with a cosine of at least `similarity`.
///
/// embeddings  genes x dimensions. Columns are centred first, because the mean
///             vectors of proteins share one large direction.
/// returns     one number a gene, from 0, in order of the first member
[[nodiscard]] std::vector<std::int32_t> similarity_groups(
    const RMatrixView& embeddings, double similarity);

/// Which pairs come first: those of the lowest correlation, or of the largest
/// absolute one.
enum class PairOrder { lowest, largest_absolute };

/// What extreme_pairs() looks for.
struct ExtremeRequest {
  PairOrder order = PairOrder::lowest;
  /// For each row of the profiles its gene, once.
  std::vector<std::int32_t> gene;
  /// Candidates of either end, gene indices, each once in a list.
  std::vector<std::int32_t> ends_a;
  std::vector<std::int32_t> ends_b;
  /// Keys (pair_key) that are left out, in any order.
  std::vector<std::int64_t> forbidden;
  std::int64_t count = 0;
  std::int64_t n_genes = 0;
  /// Take all there are when they are fewer than `count`.
  bool allow_fewer = false;
};

/// The `count` first pairs by Pearson correlation, covering the genes first.
///
/// profiles  genes x samples; genes that are constant or have no row are left
///           out
///
/// Walks the pairs in order and takes each that has a gene which no earlier one
/// had; then fills up with the first of the others. So each gene's own first
/// pair is in, as far as `count` goes. Equal values go by the pair's key.
/// Throws InputError that states how many exist when there are too few.
/// Source: the negatives "Exp" and "Dep" of Feng et al. (2024), Nat Commun
/// 15:9058.
[[nodiscard]] PairSet extreme_pairs(const RMatrixView& profiles,
                                    const ExtremeRequest& request);

}  // namespace musl
