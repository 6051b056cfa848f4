#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"

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

/// Leading eigenvectors of the symmetric normalised adjacency, scaled by the
/// square root of the eigenvalue's absolute value, (G, rank): a spectral
/// embedding by seeded randomised subspace iteration (Halko et al. 2011, SIAM
/// Rev 53:217). Leading means largest in absolute value. There are no
/// self-loops. Signs are fixed (largest entry positive). Isolated nodes are
/// zero, and so are columns beyond the number of non-zero eigenvalues.
[[nodiscard]] Matrix spectral_embedding(const CsrGraph& graph, int rank,
                                        std::uint64_t seed, int threads);

/// Replaces the rows of x whose `present` is 0 by the weighted mean of their
/// network neighbours' present rows, or by zero if there are none. x (G, F),
/// present (G) 0/1.
void fill_from_neighbours(const CsrGraph& graph,
                          const std::vector<std::uint8_t>& present, Matrix* x);

}  // namespace musl
