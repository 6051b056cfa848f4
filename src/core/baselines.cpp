#include "musl/baselines.h"

#include <cmath>

#include "musl/error.h"

namespace musl {

std::vector<double> degree_score(const PairSet& training, const PairSet& pairs,
                                 std::int64_t n_genes) {
  check_pairs(training, n_genes);
  check_pairs(pairs, n_genes);
  if (!training.has_labels()) {
    throw ShapeError("Training pairs must have labels; there are none.");
  }
  const std::vector<std::int64_t> degree =
      pair_degree(training, n_genes, /*positives_only=*/true);
  const auto popularity = [&](std::int32_t gene) {
    return std::log1p(
        static_cast<double>(degree[static_cast<std::size_t>(gene)]));
  };
  std::vector<double> score;
  score.reserve(pairs.a.size());
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    score.push_back(popularity(pairs.a[i]) + popularity(pairs.b[i]));
  }
  return score;
}

}  // namespace musl
