#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/node_set.h"

namespace musl {

/// Under `name` and names below it.
void put_nodes(const std::string& name, const NodeSet& nodes, Archive* archive);
/// FormatError for nodes that are missing, inconsistent or unreadable.
[[nodiscard]] NodeSet take_nodes(const std::string& name, NodeKind kind,
                                 const Archive& archive);

template <typename T>
void put_vector(const std::string& name, const std::vector<T>& x,
                Archive* archive) {
  archive->put(name, {static_cast<std::int64_t>(x.size())}, x.data());
}

void put_matrix(const std::string& name, const Matrix& x, Archive* archive);
[[nodiscard]] Matrix take_matrix(const std::string& name,
                                 const Archive& archive);

}  // namespace musl
