#include <numeric>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "features/feature_group.h"
#include "graph/shared_neighbours.h"
#include "store/network.h"

namespace musl {

namespace {

class NetworkColumns : public PairColumns {
 public:
  explicit NetworkColumns(const GeneStore& store)
      : network_(store.part<Network>()) {
    if (network_.empty()) return;
    const std::string group = "network";
    add("adamic_adar", group, "shared neighbours (Adamic-Adar)", 1);
    add("common_neighbours", group, "number of shared neighbours", 1);
    add("resource_allocation", group, "shared neighbours (resource allocation)",
        1);
    add("edge", group, "edge in the network", 1);
    add("network_jaccard", group, "share of neighbours in common", 1);
    add("network_cosine", group, "network similarity");
    add_both("degree", group, "number of neighbours");
    add_both("strength", group, "summed weight of edges");
    strength_.resize(static_cast<std::size_t>(store.n_genes));
    for (std::size_t g = 0; g < strength_.size(); ++g) {
      const auto& graph = network_.graph;
      strength_[g] = static_cast<float>(
          std::accumulate(graph.weight.begin() + graph.offset[g],
                          graph.weight.begin() + graph.offset[g + 1], 0.0));
    }
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    write_common(a, b, out, facts);
    out[5] = network_.rows.product(a, b);
    const auto& graph = network_.graph;
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
    const auto& graph = network_.graph;
    const SharedNodes shared = shared_nodes(graph, a, b);
    const auto total = static_cast<float>(graph.degree(a) + graph.degree(b));
    const auto common = static_cast<float>(shared.common);
    out[0] = facts->adamic_adar = static_cast<float>(shared.adamic_adar);
    out[1] = common;
    out[2] = static_cast<float>(shared.resource_allocation);
    out[3] = facts->edge = shared.edge;
    out[4] = total > common ? common / (total - common) : 0;
  }

  const Network& network_;
  std::vector<float> strength_;  // (G) sum of a gene's edge weights
};

const bool kNetworkIsRegistered = register_feature_group(
    {"network", 10, nullptr, make_columns<NetworkColumns>});

}  // namespace

}  // namespace musl
