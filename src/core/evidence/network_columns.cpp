#include <cmath>
#include <numeric>

#include "evidence/pair_columns.h"

namespace musl {

namespace {

class NetworkColumns : public ColumnGroup {
 public:
  explicit NetworkColumns(const EvidenceStore& store) : store_(store) {
    const std::string group = "network";
    add("adamic_adar", group, true, 1);
    add("common_neighbours", group, true, 1);
    add("resource_allocation", group, true, 1);
    add("edge", group, true, 1);
    add("network_jaccard", group, true, 1);
    add("network_cosine", group, true);
    add_both("degree", group);
    add_both("strength", group);
    strength_.resize(static_cast<std::size_t>(store.n_genes));
    for (std::size_t g = 0; g < strength_.size(); ++g) {
      const auto& graph = store.network;
      strength_[g] = static_cast<float>(
          std::accumulate(graph.weight.begin() + graph.offset[g],
                          graph.weight.begin() + graph.offset[g + 1], 0.0));
    }
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    write_common(a, b, out, facts);
    out[5] = store_.network_rows.product(a, b);
    const auto& graph = store_.network;
    float* next = write_both(static_cast<float>(graph.degree(a)),
                             static_cast<float>(graph.degree(b)), out + 6);
    write_both(strength_[static_cast<std::size_t>(a)],
               strength_[static_cast<std::size_t>(b)], next);
  }

 private:
  /// All of pair_topology() except the path, which costs most and is least
  /// informative.
  void write_common(std::int32_t a, std::int32_t b, float* out,
                    PairFacts* facts) const {
    const auto& graph = store_.network;
    const auto row = [&](std::int32_t gene) {
      const auto i = static_cast<std::size_t>(gene);
      return std::pair{graph.offset[i], graph.offset[i + 1]};
    };
    auto [i, i_end] = row(a);
    auto [j, j_end] = row(b);
    const auto total = static_cast<float>((i_end - i) + (j_end - j));
    double adamic_adar = 0, allocation = 0;
    float common = 0, edge = 0;
    for (auto k = i; k < i_end; ++k) {
      const auto at = static_cast<std::size_t>(k);
      if (graph.neighbour[at] == b) edge = graph.weight[at];
    }
    while (i < i_end && j < j_end) {
      const std::int32_t x = graph.neighbour[static_cast<std::size_t>(i)];
      const std::int32_t y = graph.neighbour[static_cast<std::size_t>(j)];
      if (x == y) {
        const auto degree = static_cast<double>(graph.degree(x));
        adamic_adar += 1 / std::log(degree);
        allocation += 1 / degree;
        ++common;
      }
      i += x <= y ? 1 : 0;
      j += y <= x ? 1 : 0;
    }
    out[0] = facts->adamic_adar = static_cast<float>(adamic_adar);
    out[1] = common;
    out[2] = static_cast<float>(allocation);
    out[3] = facts->edge = edge;
    out[4] = total > common ? common / (total - common) : 0;
  }

  const EvidenceStore& store_;
  std::vector<float> strength_;  // (G) sum of a gene's edge weights
};

}  // namespace

std::unique_ptr<ColumnGroup> network_columns(const EvidenceStore& store) {
  if (store.network.empty()) return nullptr;
  return std::make_unique<NetworkColumns>(store);
}

}  // namespace musl
