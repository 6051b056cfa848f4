#pragma once

#include <string>

#include "graph/csr_graph.h"
#include "store/unit_rows.h"

namespace musl {

/// How genes are linked.
struct Network {
  CsrGraph graph;
  UnitRows rows;  // of its spectral embedding

  [[nodiscard]] bool empty() const { return graph.empty(); }
  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit("network", x.graph);
    visit("network_rows", x.rows);
  }
};

[[nodiscard]] bool fits_together(const Network& network);

}  // namespace musl
