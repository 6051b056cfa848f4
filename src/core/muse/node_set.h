#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"

namespace musl {

/// How nodes of a type are described: by numbers, a protein sequence, a SMILES,
/// or a sequence with the C-alpha coordinates of its residues.
enum class NodeKind { features, sequence, smiles, residues };

/// "features", "sequence", "smiles" or "residues"; InputError for another.
[[nodiscard]] NodeKind node_kind(const std::string& name);
[[nodiscard]] std::string node_kind_name(NodeKind kind);

/// Nodes of one type; fields that its kind does not need are empty.
struct NodeSet {
  NodeKind kind = NodeKind::features;
  Matrix features;                  // (N, F)
  std::vector<std::string> text;    // (N) sequences or SMILES
  std::vector<Matrix> coordinates;  // (N) of (L, 3), Angstrom
  /// (N) of (L, U), additional columns of residues with coordinates, such as
  /// from DSSP; or empty.
  std::vector<Matrix> columns;

  [[nodiscard]] std::int64_t size() const;
  /// U, the number of additional columns of each residue.
  [[nodiscard]] std::int64_t n_columns() const {
    return columns.empty() ? 0 : columns.front().cols();
  }
  /// The additional columns of node i, (0, 0) if there are none.
  [[nodiscard]] Matrix columns_of(std::size_t i) const {
    return columns.empty() ? Matrix() : columns[i];
  }
};

/// Why each node is unreadable, with the position if there is one; "" for
/// readable nodes. ShapeError if a sequence has no coordinates, or if nodes
/// differ in their number of columns.
[[nodiscard]] std::vector<std::string> node_faults(const NodeSet& nodes);

}  // namespace musl
