#pragma once

#include <cstdint>
#include <vector>

namespace musl {

/// Unordered gene pairs as 0-based gene indices, with or without labels.
struct PairSet {
  std::vector<std::int32_t> a;
  std::vector<std::int32_t> b;
  /// 1 SL, 0 non-SL; empty if there are no labels.
  std::vector<float> label;

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(a.size());
  }
  [[nodiscard]] bool has_labels() const { return label.size() == a.size(); }
};

/// The pairs of both, with labels if both have labels.
[[nodiscard]] PairSet joined(const PairSet& first, const PairSet& second);

/// Pairs [first, last), without labels.
[[nodiscard]] PairSet some_pairs(const PairSet& pairs, std::int64_t first,
                                 std::int64_t last);

/// Throws ShapeError if the three vectors differ in length (labels may be
/// empty) and GeneError if an index is outside 0 .. n_genes - 1.
void check_pairs(const PairSet& pairs, std::int64_t n_genes);

/// One number per unordered pair: min * n_genes + max.
[[nodiscard]] std::int64_t pair_key(std::int32_t a, std::int32_t b,
                                    std::int64_t n_genes);

/// pair_key() of every pair, ascending; indices must pass check_pairs().
[[nodiscard]] std::vector<std::int64_t> pair_keys(const PairSet& pairs,
                                                  std::int64_t n_genes);

/// The pairs of these keys, without labels.
[[nodiscard]] PairSet pairs_of(const std::vector<std::int64_t>& keys,
                               std::int64_t n_genes);

/// Number of pairs each gene is in (both ends). Length n_genes.
[[nodiscard]] std::vector<std::int64_t> pair_degree(const PairSet& pairs,
                                                    std::int64_t n_genes,
                                                    bool positives_only);

}  // namespace musl
