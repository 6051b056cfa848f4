#pragma once

#include <cstdint>

#include "base/sorted_ids.h"
#include "musl/csr_graph.h"

namespace musl {

[[nodiscard]] inline SortedIds neighbours_of(const CsrGraph& graph,
                                             std::int32_t node) {
  return row_of(graph.offset, graph.neighbour, node);
}

}  // namespace musl
