#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "graph/csr_graph.h"

namespace musl {

/// Number of topological descriptors of a pair.
inline constexpr int kTopology = 8;

/// Names: edge_weight, common_neighbours (log1p), adamic_adar,
/// resource_allocation, jaccard, shortest_path (1-4; 5 if longer or none),
/// degree_min (log1p), degree_max (log1p).
[[nodiscard]] const std::vector<std::string>& topology_names();

/// Topological descriptors of one pair, all symmetric; out has length
/// kTopology. If a gene is isolated, all are 0 except shortest_path (5) and
/// degree_max (the other gene's degree).
void pair_topology(const CsrGraph& graph, std::int32_t a, std::int32_t b,
                   float* out);

/// pair_topology() of pairs [first, first + n), to the bit; rows of `out` start
/// `stride` floats apart. Fast where consecutive pairs have a gene in common.
void topology_rows(const CsrGraph& graph, const PairSet& pairs,
                   std::int64_t first, std::int64_t n, std::int64_t stride,
                   float* out);

}  // namespace musl
