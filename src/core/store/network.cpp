#include "store/network.h"

#include <cstdint>

#include "graph/spectral.h"
#include "store/part.h"

namespace musl {

namespace {

constexpr int kNetworkAxes = 64;

Network make_network(const EvidenceInput& input, std::uint64_t seed,
                     int threads) {
  Network out;
  if (input.edge_from.empty()) return out;
  out.graph = make_graph(input.n_genes, input.edge_from, input.edge_to,
                         input.edge_weight);
  out.rows = make_unit_rows(
      spectral_embedding(out.graph, kNetworkAxes, seed, threads), input.bits);
  return out;
}

const bool kNetworkIsAPart = register_part(
    part_kind<Network, make_network>("network", nullptr, /*if_empty=*/true));

}  // namespace

bool fits_together(const Network& network) {
  return network.graph.empty() || !network.rows.empty();
}

}  // namespace musl
