#pragma once

#include <string>

#include "musl/archive.h"
#include "musl/csr_graph.h"

namespace musl {

/// Stores a graph in tensors whose names begin with `prefix`: the upper half of
/// each row, if the other halves follow from it, else all.
void put_graph(const std::string& prefix, const CsrGraph& graph,
               Archive* archive);

/// Reads it back to the same bits, or a graph that an older version stored.
/// FormatError if a tensor is missing or halves do not add up; whole rows are
/// not checked.
[[nodiscard]] CsrGraph read_graph(const std::string& prefix,
                                  const Archive& archive);

}  // namespace musl
