#include "musl/network_evidence.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "graph/neighbours.h"

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
  // One order of the ends, so that sums have the same bits for (b, a).
  const SortedIds first = neighbours_of(network_, std::min(a, b));
  const SortedIds second = neighbours_of(network_, std::max(a, b));
  double adamic_adar = 0, edge = 0;
  intersect(first, second, [&](std::int32_t node) {
    adamic_adar += 1 / std::log(static_cast<double>(network_.degree(node)));
  });
  const std::int32_t* found =
      std::lower_bound(first.begin, first.end, std::max(a, b));
  if (found != first.end && *found == std::max(a, b)) {
    edge = network_.weight[at(found - network_.neighbour.data())];
  }
  const double degrees = static_cast<double>(network_.degree(a)) *
                         static_cast<double>(network_.degree(b));
  const double beyond = std::max(0.0, adamic_adar - shared_ * degrees);
  return std::min(kMostShared, std::log1p(beyond)) +
         kEdge * std::min(1.0, edge) / (1 + edge_ * degrees);
}

}  // namespace musl
