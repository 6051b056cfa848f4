#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/matrix.h"

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

/// Undirected weighted graph in compressed rows; nodes are genes 0 .. G - 1.
/// Neighbours of a row ascend; both directions of an edge are stored; no loops.
struct CsrGraph {
  std::vector<std::int64_t> offset;     // (G + 1)
  std::vector<std::int32_t> neighbour;  // (2 E)
  std::vector<float> weight;            // (2 E), > 0

  [[nodiscard]] std::int64_t n_nodes() const {
    return static_cast<std::int64_t>(offset.size()) - 1;
  }
  [[nodiscard]] std::int64_t n_edges() const {
    return static_cast<std::int64_t>(neighbour.size()) / 2;
  }
  [[nodiscard]] bool empty() const { return neighbour.empty(); }
  [[nodiscard]] std::int64_t degree(std::int32_t node) const {
    const auto i = static_cast<std::size_t>(node);
    return offset[i + 1] - offset[i];
  }
};

/// Builds the graph: drops loops and keeps the largest weight of duplicate
/// edges (in either order). Weights are finite and > 0.
[[nodiscard]] CsrGraph make_graph(std::int64_t n_nodes,
                                  const std::vector<std::int32_t>& from,
                                  const std::vector<std::int32_t>& to,
                                  const std::vector<float>& weight);

/// Index of each of n known genes in a new universe, -1 for none; `gene_of` has
/// that of each new gene among the known ones.
[[nodiscard]] std::vector<std::int32_t> inverse_map(
    const std::vector<std::int32_t>& gene_of, std::int64_t n);

/// The edges between genes that a new universe has, too.
[[nodiscard]] CsrGraph remap_graph(const CsrGraph& graph,
                                   const std::vector<std::int32_t>& gene_of);

/// Symmetric normalisation with self-loops of weight `loop`, D^-1/2 (A + loop
/// I) D^-1/2, D of the sum. The result stores the diagonal unless that is 0: it
/// is a matrix for `propagate`, no longer a graph of edges. Source: Kipf and
/// Welling (2017), eq. 2.
[[nodiscard]] CsrGraph normalise(const CsrGraph& graph, double loop = 1);

/// Returns normalised * x, (G, F). The bits do not depend on `threads`.
[[nodiscard]] Matrix propagate(const CsrGraph& normalised, const Matrix& x,
                               int threads);

/// Replaces the rows of x whose `present` is 0 by the weighted mean of their
/// network neighbours' present rows, or by zero if there are none. x (G, F),
/// present (G) 0/1.
void fill_from_neighbours(const CsrGraph& graph,
                          const std::vector<std::uint8_t>& present, Matrix* x);

}  // namespace musl
