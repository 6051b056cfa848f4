#include "base/pair_set.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "base/error.h"

namespace musl {

PairSet joined(const PairSet& first, const PairSet& second) {
  PairSet all = first;
  all.a.insert(all.a.end(), second.a.begin(), second.a.end());
  all.b.insert(all.b.end(), second.b.begin(), second.b.end());
  all.label.insert(all.label.end(), second.label.begin(), second.label.end());
  if (!all.has_labels()) all.label.clear();
  return all;
}

PairSet some_pairs(const PairSet& pairs, std::int64_t first,
                   std::int64_t last) {
  const auto cut = [&](const std::vector<std::int32_t>& x) {
    return std::vector<std::int32_t>(x.begin() + first, x.begin() + last);
  };
  return {cut(pairs.a), cut(pairs.b), {}};
}

void check_pairs(const PairSet& pairs, std::int64_t n_genes) {
  if (pairs.a.size() != pairs.b.size() ||
      !(pairs.label.empty() || pairs.has_labels())) {
    throw ShapeError(
        "Pairs must have as many first as second genes and labels.");
  }
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    for (const std::int32_t gene : {pairs.a[i], pairs.b[i]}) {
      if (gene < 0 || gene >= n_genes) {
        throw GeneError("Gene index " + std::to_string(gene) + " of pair " +
                        std::to_string(i) + " is outside 0 to " +
                        std::to_string(n_genes - 1) + ".");
      }
    }
  }
}

std::int64_t pair_key(std::int32_t a, std::int32_t b, std::int64_t n_genes) {
  return static_cast<std::int64_t>(std::min(a, b)) * n_genes + std::max(a, b);
}

std::vector<std::int64_t> pair_keys(const PairSet& pairs,
                                    std::int64_t n_genes) {
  check_pairs(pairs, n_genes);
  std::vector<std::int64_t> keys;
  keys.reserve(pairs.a.size());
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    keys.push_back(pair_key(pairs.a[i], pairs.b[i], n_genes));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

PairSet pairs_of(const std::vector<std::int64_t>& keys, std::int64_t n_genes) {
  PairSet out;
  for (const std::int64_t key : keys) {
    out.a.push_back(static_cast<std::int32_t>(key / n_genes));
    out.b.push_back(static_cast<std::int32_t>(key % n_genes));
  }
  return out;
}

std::vector<std::int64_t> pair_degree(const PairSet& pairs,
                                      std::int64_t n_genes,
                                      bool positives_only) {
  std::vector<std::int64_t> degree(static_cast<std::size_t>(n_genes), 0);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    if (positives_only && pairs.label[i] < 0.5f) continue;
    ++degree[static_cast<std::size_t>(pairs.a[i])];
    ++degree[static_cast<std::size_t>(pairs.b[i])];
  }
  return degree;
}

}  // namespace musl
