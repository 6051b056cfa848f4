#pragma once

#include <string>

#include "graph/csr_graph.h"
#include "io/archive.h"

namespace musl {

/// Stores a graph of make_graph() in tensors whose names begin with `prefix`:
/// the upper half of each row, from which the other half follows.
void put_graph(const std::string& prefix, const CsrGraph& graph,
               Archive* archive);

/// Reads it back to the same bits. FormatError if a tensor is missing or the
/// halves do not add up.
[[nodiscard]] CsrGraph read_graph(const std::string& prefix,
                                  const Archive& archive);

}  // namespace musl
