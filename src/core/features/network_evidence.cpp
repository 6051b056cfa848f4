#include "features/network_evidence.h"

#include <algorithm>
#include <cmath>

#include "graph/shared_neighbours.h"

namespace musl {

namespace {

constexpr double kMostShared = 4, kEdge = 3;

}  // namespace

NetworkEvidence::NetworkEvidence(const CsrGraph& network) : network_(network) {
  if (network.empty()) return;
  const auto ends = static_cast<double>(network.neighbour.size());
  double sum = 0;
  for (std::int64_t node = 0; node < network.n_nodes(); ++node) {
    const auto d =
        static_cast<double>(network.degree(static_cast<std::int32_t>(node)));
    // A node of one edge lies between no two.
    if (d > 1) sum += d * (d - 1) / std::log(d);
  }
  shared_ = sum / (ends * ends);
  edge_ = 1 / ends;
}

double NetworkEvidence::of(std::int32_t a, std::int32_t b) const {
  if (is_empty()) return 0;
  const SharedNodes shared = shared_nodes(network_, a, b);
  const double degrees = static_cast<double>(network_.degree(a)) *
                         static_cast<double>(network_.degree(b));
  const double beyond = std::max(0.0, shared.adamic_adar - shared_ * degrees);
  return std::min(kMostShared, std::log1p(beyond)) +
         kEdge * std::min(1.0, static_cast<double>(shared.edge)) /
             (1 + edge_ * degrees);
}

}  // namespace musl
