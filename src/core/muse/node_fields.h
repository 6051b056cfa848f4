#pragma once

#include <string>

#include "io/archive.h"
#include "muse/node_set.h"

namespace musl {

/// Under `name` and names below it.
void put_nodes(const std::string& name, const NodeSet& nodes, Archive* archive);
/// FormatError for nodes that are missing, inconsistent or unreadable.
[[nodiscard]] NodeSet take_nodes(const std::string& name, NodeKind kind,
                                 const Archive& archive);

}  // namespace musl
