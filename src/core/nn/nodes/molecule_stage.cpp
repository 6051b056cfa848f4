#include "nn/nodes/molecule_stage.h"

#include <algorithm>
#include <string>

#include "nn/base/row_sums.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kMoleculeHidden = 128;
constexpr std::int64_t kMoleculeLayers = 4;

/// Rows of the table of atoms: one of each part for each atom. Values beyond a
/// part count as its last.
constexpr std::int64_t kElements = 119;  // with 0: any
constexpr std::int64_t kDegrees = 7;
constexpr std::int64_t kHydrogens = 5;
constexpr std::int64_t kCharges = 7;  // -3 to 3
constexpr std::int64_t kAtomRows =
    kElements + kDegrees + kHydrogens + kCharges + 2 + 2;

/// Rows of the table of bonds for each layer: orders, outside and in a ring.
constexpr std::int64_t kBondOrders = 5;
constexpr std::int64_t kBondRows = 2 * kBondOrders;

/// Numbers rows of a table of several parts.
class TableRows {
 public:
  explicit TableRows(std::vector<std::int64_t>* rows) : rows_(rows) {}
  void add(std::int64_t value, std::int64_t size) {
    rows_->push_back(first_ + std::clamp<std::int64_t>(value, 0, size - 1));
    first_ += size;
  }

 private:
  std::vector<std::int64_t>* rows_;
  std::int64_t first_ = 0;
};

void add_atom_rows(const Atom& atom, std::vector<std::int64_t>* rows) {
  TableRows table(rows);
  table.add(atom.element, kElements);
  table.add(atom.degree, kDegrees);
  table.add(atom.hydrogens, kHydrogens);
  table.add(atom.charge + kCharges / 2, kCharges);
  table.add(atom.in_ring ? 1 : 0, 2);
  table.add(atom.aromatic ? 1 : 0, 2);
}

std::int64_t bond_row(const Bond& bond) {
  return static_cast<std::int64_t>(bond.order) +
         (bond.in_ring ? kBondOrders : 0);
}

/// Molecules as one graph with concatenated atoms.
struct PackedMolecules {
  std::vector<std::int64_t> atom_offset{0}, atom_row;  // rows of the table
  std::vector<std::int64_t> molecule_offset{0};        // atoms
  /// Each bond in both directions; bonds to the same atom are consecutive.
  std::vector<std::int64_t> bond_offset{0}, from, row;

  [[nodiscard]] std::int64_t n_atoms() const { return molecule_offset.back(); }

  void add(const Molecule& molecule) {
    const auto first = n_atoms();
    for (const Atom& atom : molecule.atoms) {
      add_atom_rows(atom, &atom_row);
      atom_offset.push_back(static_cast<std::int64_t>(atom_row.size()));
    }
    add_bonds(molecule, first);
    molecule_offset.push_back(first +
                              static_cast<std::int64_t>(molecule.atoms.size()));
  }

 private:
  void add_bonds(const Molecule& molecule, std::int64_t first) {
    std::vector<std::int64_t> next(molecule.atoms.size() + 1);
    for (const Bond& bond : molecule.bonds) {
      ++next[static_cast<std::size_t>(bond.a) + 1];
      ++next[static_cast<std::size_t>(bond.b) + 1];
    }
    next[0] = bond_offset.back();
    for (std::size_t i = 1; i < next.size(); ++i) {
      next[i] += next[i - 1];
      bond_offset.push_back(next[i]);
    }
    from.resize(static_cast<std::size_t>(bond_offset.back()));
    row.resize(from.size());
    for (const Bond& bond : molecule.bonds) {
      add_direction(first + bond.a, bond,
                    &next[static_cast<std::size_t>(bond.b)]);
      add_direction(first + bond.b, bond,
                    &next[static_cast<std::size_t>(bond.a)]);
    }
  }
  void add_direction(std::int64_t source, const Bond& bond,
                     std::int64_t* next) {
    const auto entry = static_cast<std::size_t>((*next)++);
    from[entry] = source;
    row[entry] = bond_row(bond);
  }
};

/// For each bond, in a table of atoms followed by one of bonds, the rows of its
/// source atom and of the bond.
RowLists messages(const PackedMolecules& packed, std::int64_t layer,
                  const torch::Device& device) {
  std::vector<std::int64_t> offset{0}, column;
  column.reserve(2 * packed.from.size());
  for (std::size_t e = 0; e < packed.from.size(); ++e) {
    column.push_back(packed.from[e]);
    column.push_back(packed.n_atoms() + layer * kBondRows + packed.row[e]);
    offset.push_back(static_cast<std::int64_t>(column.size()));
  }
  return row_lists(offset, column, device);
}

}  // namespace

MoleculeStage::MoleculeStage(int width, double dropout) : width_(width) {
  atom_ =
      register_parameter("atoms", torch::zeros({kAtomRows, kMoleculeHidden}));
  bond_ = register_parameter(
      "bonds", torch::zeros({kMoleculeLayers * kBondRows, kMoleculeHidden}));
  start_ = register_module("start", LayerNorm(kMoleculeHidden));
  for (std::int64_t i = 0; i < kMoleculeLayers; ++i) {
    const auto suffix = std::to_string(i);
    epsilon_.push_back(
        register_parameter("epsilon" + suffix, torch::zeros({1})));
    norm_.push_back(
        register_module("norm" + suffix, LayerNorm(kMoleculeHidden)));
    update_.push_back(register_module(
        "update" + suffix, Mlp(std::vector<std::int64_t>(3, kMoleculeHidden),
                               /*norm=*/true, dropout)));
  }
  end_ = register_module("end", LayerNorm(kMoleculeHidden));
  project_ = register_module("project", Linear(kMoleculeHidden, width));
}

Tensor MoleculeStage::forward(const std::vector<const Molecule*>& molecules,
                              ChunkRng* rng) {
  PackedMolecules packed;
  for (const auto* molecule : molecules) packed.add(*molecule);
  const auto device = atom_.device();
  const auto to_atoms = segments(packed.bond_offset, device);

  auto h = start_->forward(
      sum_rows(row_lists(packed.atom_offset, packed.atom_row, device),
               atom_));  // (A, hidden)
  for (std::size_t i = 0; i < update_.size(); ++i) {
    const auto lists = messages(packed, static_cast<std::int64_t>(i), device);
    const auto message =
        torch::relu(sum_rows(lists, torch::cat({h, bond_})));  // (E, hidden)
    const auto x = (1.0 + epsilon_[i]) * h + sum_rows(to_atoms, message);
    h = h + update_[i]->forward(norm_[i]->forward(x), rng);
  }
  const auto pooled =
      mean_rows(segments(packed.molecule_offset, device), end_->forward(h));
  return project_->forward(pooled);  // (n, width)
}

}  // namespace musl::nn
