#pragma once

#include <cstdint>
#include <vector>

namespace musl {

/// Undirected edges, each once.
struct EdgeTable {
  std::vector<std::int32_t> from, to;  // from < to
  std::vector<double> weight;
  std::int64_t n_unmapped = 0;  // rows with an end that is no node
  std::int64_t n_loops = 0;     // rows whose ends are one node
  std::int64_t n_merged = 0;    // rows that repeat an edge, in either order
};

/// Rows of a table -> edges between nodes, ascending by ends, with the largest
/// weight of the rows of an edge.
///
/// from, to  ends as positions in `node_of`
/// weight    one a row, or empty: all 1
/// node_of   node of each name, -1 for none; several names may be one node
[[nodiscard]] EdgeTable merge_edges(const std::vector<std::int32_t>& from,
                                    const std::vector<std::int32_t>& to,
                                    const std::vector<double>& weight,
                                    const std::vector<std::int32_t>& node_of);

/// STRING's prior probability that two proteins are associated.
inline constexpr double kStringPrior = 0.041;

/// STRING's combined score, 0 to 1, from the scores of its channels.
///
/// Each channel s is freed of the prior p, s' = (s - p) / (1 - p), at least 0;
/// they join as 1 - prod(1 - s'), and the prior is put back once. `homology`
/// dampens, by the factor 1 - homology, the channels marked so: co-occurrence
/// and text mining.
/// Source: combine_subscores.py of STRING; von Mering et al. 2005.
[[nodiscard]] double combine_string_scores(const std::vector<double>& scores,
                                           const std::vector<bool>& dampened,
                                           double homology);

}  // namespace musl
