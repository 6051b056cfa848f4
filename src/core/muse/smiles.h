#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace musl {

/// An atom of a molecule. Explicit hydrogen atoms with one single bond to a
/// heavier atom count as that atom's hydrogens.
struct Atom {
  int element = 0;    // atomic number; 0: any ("*")
  int degree = 0;     // bonds to other atoms of the molecule
  int hydrogens = 0;  // those not stored as atoms
  int charge = 0;
  bool in_ring = false;
  bool aromatic = false;  // as written, in lower case
};

enum class BondOrder { single, twofold, triple, quadruple, aromatic };

/// A bond between two atoms, a < b, 0-based.
struct Bond {
  std::int32_t a = 0;
  std::int32_t b = 0;
  BondOrder order = BondOrder::single;
  bool in_ring = false;
};

struct Molecule {
  std::vector<Atom> atoms;  // in the order of the SMILES
  std::vector<Bond> bonds;  // in the order in which they are completed
  int fragments = 0;        // parts not connected by bonds, as in salts
};

/// Largest length of a SMILES, in characters.
constexpr std::size_t kMostSmiles = 10000;

/// Reads a SMILES: atoms of the organic subset and in brackets, bonds,
/// branches, ring bonds (`1`, `%10`), aromatic atoms in lower case (b c n o p
/// s, and se and as in brackets), and dots between fragments.
///
/// Isotopes, chirality, atom classes and the direction of `/` and `\` are
/// checked and ignored. Atoms without brackets get hydrogens up to the lowest
/// normal valence that suffices (an aromatic atom gives one valence to its
/// ring). A bond without a symbol, or with only a direction, is aromatic
/// between two aromatic atoms of a ring, else single. Aromaticity is not
/// perceived, and valences are not checked.
///
/// InputError, with the position (1-based) and the reason, for a text that is
/// not a SMILES, is empty or longer than kMostSmiles.
/// Source: OpenSMILES specification 1.0 (2016), opensmiles.org.
[[nodiscard]] Molecule read_smiles(std::string_view smiles);

/// Kinds of bonds: five orders, outside and in a ring.
constexpr std::int64_t kBondOrders = 5;
constexpr std::int64_t kBondKinds = 2 * kBondOrders;

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
