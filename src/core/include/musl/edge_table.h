#pragma once

#include <cstdint>
#include <vector>

namespace musl {

/// Undirected edges, each once.
struct EdgeTable {
  std::vector<std::int32_t> from, to;  // from < to
  std::vector<double> weight;
  std::vector<std::int32_t> n_rows;  // that told of each edge, in either order
  std::int64_t n_unmapped = 0;       // rows with an end that is no node
  std::int64_t n_loops = 0;          // rows whose ends are one node
};

/// Rows of a table -> edges between nodes, ascending by ends, with the largest
/// weight of the rows of an edge. Everything that reads edges merges them here.
///
/// from, to  nodes, >= 0
/// weight    one a row, or empty: all 1
[[nodiscard]] EdgeTable merge_edges(const std::vector<std::int32_t>& from,
                                    const std::vector<std::int32_t>& to,
                                    const std::vector<double>& weight);

/// The same of names:
/// from, to  positions in `node_of`
/// node_of   node of each name, -1 for none; several names may be one node
[[nodiscard]] EdgeTable merge_edges(const std::vector<std::int32_t>& from,
                                    const std::vector<std::int32_t>& to,
                                    const std::vector<double>& weight,
                                    const std::vector<std::int32_t>& node_of);

}  // namespace musl
