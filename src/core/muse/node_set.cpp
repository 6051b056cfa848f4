#include "muse/node_set.h"

#include <array>
#include <string>

#include "base/error.h"
#include "base/numbers.h"
#include "muse/residue_codes.h"
#include "muse/residue_graph.h"
#include "muse/smiles.h"

namespace musl {

namespace {

constexpr std::array<const char*, 4> kKindNames = {"features", "sequence",
                                                   "smiles", "residues"};

/// Reads the node as its encoder does.
void read_node(const NodeSet& nodes, std::size_t i) {
  switch (nodes.kind) {
    case NodeKind::features:
      if (!nodes.features.row(static_cast<Eigen::Index>(i)).allFinite()) {
        throw InputError("Its features must be finite.");
      }
      return;
    case NodeKind::sequence:
      (void)residue_codes(nodes.text[i]);
      return;
    case NodeKind::smiles:
      (void)read_smiles(nodes.text[i]);
      return;
    case NodeKind::residues:
      (void)make_residue_graph(nodes.text[i], nodes.coordinates[i],
                               nodes.columns_of(i));
  }
}

}  // namespace

NodeKind node_kind(const std::string& name) {
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (name == kKindNames[i]) return static_cast<NodeKind>(i);
  }
  throw InputError(
      "Nodes must be \"features\", \"sequence\", \"smiles\" or \"residues\", "
      "not \"" +
      name + "\".");
}

std::string node_kind_name(NodeKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::int64_t NodeSet::size() const {
  return kind == NodeKind::features ? features.rows() : size_of(text);
}

std::vector<std::string> node_faults(const NodeSet& nodes) {
  if (nodes.kind == NodeKind::residues &&
      nodes.coordinates.size() != nodes.text.size()) {
    throw ShapeError("Each sequence must have coordinates: found " +
                     std::to_string(nodes.text.size()) + " and " +
                     std::to_string(nodes.coordinates.size()) + ".");
  }
  if (!nodes.columns.empty() && nodes.columns.size() != nodes.text.size()) {
    throw ShapeError("Each sequence must have columns, or none: found " +
                     std::to_string(nodes.text.size()) + " and " +
                     std::to_string(nodes.columns.size()) + ".");
  }
  for (const auto& one : nodes.columns) {
    if (one.cols() == nodes.n_columns()) continue;
    throw ShapeError("All residues must have the same columns: found " +
                     std::to_string(nodes.n_columns()) + " and " +
                     std::to_string(one.cols()) + ".");
  }
  std::vector<std::string> faults(at(nodes.size()));
  for (std::size_t i = 0; i < faults.size(); ++i) {
    try {
      read_node(nodes, i);
    } catch (const Error& error) {
      faults[i] = error.what();
    }
  }
  return faults;
}

}  // namespace musl
