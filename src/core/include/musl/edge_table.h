#pragma once

#include <cstdint>
#include <vector>

namespace musl {

/// Undirected edges, each once.
struct EdgeTable {
  std::vector<std::int32_t> from, to;  // from < to
  std::vector<double> weight;
  std::vector<std::int32_t> n_rows;  // with each edge, in either order
  std::int64_t n_unmapped = 0;       // rows with an end that is no node
  std::int64_t n_loops = 0;          // rows whose ends are one node
};

/// Merges rows of a table into edges between nodes, ascending by ends. An edge
/// has the largest weight of its rows. All readers of edges use this function.
///
/// from, to  nodes, >= 0, or positions in `node_of` if that is given
/// weight    one a row, or empty: all 1
/// node_of   node of each name, -1 for none; several names may be one node
[[nodiscard]] EdgeTable merge_edges(
    const std::vector<std::int32_t>& from, const std::vector<std::int32_t>& to,
    const std::vector<double>& weight,
    const std::vector<std::int32_t>& node_of = {});

}  // namespace musl
