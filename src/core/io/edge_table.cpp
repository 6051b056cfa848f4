#include "musl/edge_table.h"

#include <algorithm>
#include <numeric>

#include "musl/error.h"

namespace musl {

namespace {

struct Row {
  std::uint64_t key;  // the two ends, the smaller first
  double weight;
};

std::uint64_t key_of(std::int32_t a, std::int32_t b) {
  const auto first = static_cast<std::uint64_t>(std::min(a, b));
  return first << 32 | static_cast<std::uint32_t>(std::max(a, b));
}

}  // namespace

EdgeTable merge_edges(const std::vector<std::int32_t>& from,
                      const std::vector<std::int32_t>& to,
                      const std::vector<double>& weight,
                      const std::vector<std::int32_t>& node_of) {
  if (from.size() != to.size() ||
      (!weight.empty() && weight.size() != from.size())) {
    throw ShapeError("Ends and weights of edges must be equally many.");
  }
  EdgeTable out;
  std::vector<Row> rows;
  rows.reserve(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::int32_t a = node_of.at(static_cast<std::size_t>(from[i]));
    const std::int32_t b = node_of.at(static_cast<std::size_t>(to[i]));
    if (a < 0 || b < 0) {
      ++out.n_unmapped;
    } else if (a == b) {
      ++out.n_loops;
    } else {
      rows.push_back({key_of(a, b), weight.empty() ? 1.0 : weight[i]});
    }
  }
  std::sort(rows.begin(), rows.end(), [](const Row& x, const Row& y) {
    return x.key != y.key ? x.key < y.key : x.weight > y.weight;
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && rows[i].key == rows[i - 1].key) {
      ++out.n_merged;
      continue;
    }
    out.from.push_back(static_cast<std::int32_t>(rows[i].key >> 32));
    out.to.push_back(static_cast<std::int32_t>(rows[i].key & 0xffffffffu));
    out.weight.push_back(rows[i].weight);
  }
  return out;
}

double combine_string_scores(const std::vector<double>& scores,
                             const std::vector<bool>& dampened,
                             double homology) {
  double none = 1;  // probability that no channel tells of an association
  for (std::size_t k = 0; k < scores.size(); ++k) {
    double own = std::max(scores[k] - kStringPrior, 0.0) / (1 - kStringPrior);
    if (dampened[k]) own *= 1 - homology;
    none *= 1 - own;
  }
  return (1 - none) * (1 - kStringPrior) + kStringPrior;
}

}  // namespace musl
