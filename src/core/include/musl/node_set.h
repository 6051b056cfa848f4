#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/matrix.h"

namespace musl {

/// How nodes of a type are known: by numbers, the sequence of a protein, a
/// SMILES, or a sequence with the C-alpha coordinates of its residues.
enum class NodeKind { features, sequence, smiles, residues };

/// "features", "sequence", "smiles" or "residues"; InputError for another.
[[nodiscard]] NodeKind node_kind(const std::string& name);
[[nodiscard]] std::string node_kind_name(NodeKind kind);

/// Nodes of one type; what its kind does not need is empty.
struct NodeSet {
  NodeKind kind = NodeKind::features;
  Matrix features;                  // (N, F)
  std::vector<std::string> text;    // (N) sequences or SMILES
  std::vector<Matrix> coordinates;  // (N) of (L, 3), Angstrom
  /// (N) of (L, U) what more is known of residues with coordinates, as from
  /// DSSP; or none.
  std::vector<Matrix> columns;

  [[nodiscard]] std::int64_t size() const;
  /// Columns of each residue.
  [[nodiscard]] std::int64_t n_columns() const {
    return columns.empty() ? 0 : columns.front().cols();
  }
  /// Those of node i, (0, 0) where there are none.
  [[nodiscard]] Matrix columns_of(std::size_t i) const {
    return columns.empty() ? Matrix() : columns[i];
  }
};

/// What makes each node unreadable, with the place where there is one; "" where
/// nothing does. ShapeError where a sequence has no coordinates, or nodes have
/// other numbers of columns.
[[nodiscard]] std::vector<std::string> node_faults(const NodeSet& nodes);

}  // namespace musl
