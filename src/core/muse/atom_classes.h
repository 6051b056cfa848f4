#pragma once

#include <cstdint>
#include <vector>

#include "muse/molecule.h"

namespace musl {

/// One step of AtomClasses. A message is what a class of the step before sends
/// along a kind of bond.
struct AtomStep {
  std::vector<std::int64_t> sender, bond;  // class and kind of each message
  /// For each class of this step, its class at the step before and what its
  /// atoms receive, message[offset[c]] to message[offset[c + 1]].
  std::vector<std::int64_t> before, offset{0}, message;
};

/// Atoms in classes that a network of message passing cannot tell apart.
///
/// At the start atoms of equal numbers share a class. At each step those do
/// that shared one before and receive the same messages: after s steps a class
/// is the neighbourhood of an atom up to s bonds away. So the rows of a network
/// are computed once for each class, wherever its atoms are. Classes are
/// numbered as they are met; the messages of a class have an order that
/// depends on its neighbourhood alone, not on the order of atoms or on the
/// other molecules.
/// Source: Weisfeiler and Leman (1968); Morgan (1965), J. Chem. Doc. 5:107.
struct AtomClasses {
  std::vector<Atom> start;  // an atom of each class before the first step
  std::vector<AtomStep> steps;
  /// Classes after the last step of the atoms of molecule m, those at
  /// atom_class[molecule_offset[m]] to atom_class[molecule_offset[m + 1]], in
  /// the order of the neighbourhood.
  std::vector<std::int64_t> molecule_offset{0}, atom_class;
};

/// merge  false: each atom is a class of its own and each end of a bond has a
///        message of its own, as if no two atoms were alike
[[nodiscard]] AtomClasses atom_classes(
    const std::vector<const Molecule*>& molecules, int n_steps, bool merge);

}  // namespace musl
