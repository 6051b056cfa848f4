#pragma once

#include <cstdint>
#include <vector>

#include "base/sorted_ids.h"
#include "graph/csr_graph.h"

namespace musl {

/// What two nodes share: the sums run over shared neighbours in ascending
/// order.
struct SharedNodes {
  std::int64_t common = 0;
  double adamic_adar = 0;          // of 1 / log(degree)
  double resource_allocation = 0;  // of 1 / degree
  float edge = 0;                  // weight of the edge between them, or 0
};

/// The same for (b, a), to the bit.
[[nodiscard]] SharedNodes shared_nodes(const CsrGraph& graph, std::int32_t a,
                                       std::int32_t b);

/// shared_nodes() of one node and any other at once. The graph must outlive it.
class Neighbourhood {
 public:
  explicit Neighbourhood(const CsrGraph& graph) : graph_(graph) {}

  /// Makes `node` the centre, in steps as many as its neighbours have edges.
  void move_to(std::int32_t node);
  /// -1 before the first move_to().
  [[nodiscard]] std::int32_t centre() const { return centre_; }
  /// shared_nodes() of the centre and another node, to the bit.
  [[nodiscard]] const SharedNodes& with(std::int32_t node) const {
    return nodes_[static_cast<std::size_t>(node)];
  }
  /// Edges to a node that neither is adjacent nor shares a neighbour: 3, 4, or
  /// 5 for more.
  [[nodiscard]] int far_distance(std::int32_t node) const;

 private:
  const CsrGraph& graph_;
  std::int32_t centre_ = -1;
  std::vector<SharedNodes> nodes_;               // (G)
  std::vector<std::uint8_t> is_two_steps_away_;  // (G) 0/1
  std::vector<std::int32_t> touched_;            // those that are not empty
};

/// Follows pairs one after another: a node that is in several of them in a row
/// becomes the centre.
class CentreOfPairs {
 public:
  explicit CentreOfPairs(const CsrGraph& graph) : around_(graph) {}

  /// Neighbourhood of one end of the pair, or null; `other` is then the other
  /// end.
  [[nodiscard]] const Neighbourhood* of(std::int32_t a, std::int32_t b,
                                        std::int32_t* other);

 private:
  /// A node of the last pair and how many pairs in a row have it.
  struct End {
    std::int32_t node = -1;
    int times = 0;
  };
  static constexpr int kEnough = 4;

  [[nodiscard]] End again(std::int32_t node) const;

  Neighbourhood around_;
  End first_, second_;
};

[[nodiscard]] inline SortedIds neighbours_of(const CsrGraph& graph,
                                             std::int32_t node) {
  return row_of(graph.offset, graph.neighbour, node);
}

}  // namespace musl
