#pragma once

#include <cstddef>
#include <cstdint>
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

/// Kinds of bonds: five orders, outside and in a ring.
constexpr std::int64_t kBondOrders = 5;
constexpr std::int64_t kBondKinds = 2 * kBondOrders;

/// A hash of 64 bits and one value more.
inline std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
  return hash ^ (hash >> 29);
}

/// Of all that is known of an atom by itself.
inline std::uint64_t atom_hash(const Atom& atom) {
  std::uint64_t hash = 1;
  for (const int value :
       {atom.element, atom.degree, atom.hydrogens, atom.charge,
        static_cast<int>(atom.in_ring), static_cast<int>(atom.aromatic)}) {
    hash = mixed(hash, static_cast<std::uint64_t>(std::int64_t{value} + 64));
  }
  return hash;
}

/// Bonds of each atom, concatenated: those of atom a are bond[offset[a]] to
/// bond[offset[a + 1]], ascending.
struct BondsOfAtoms {
  std::vector<std::size_t> offset, bond;

  explicit BondsOfAtoms(const Molecule& molecule)
      : offset(molecule.atoms.size() + 1), bond(2 * molecule.bonds.size()) {
    for (const Bond& each : molecule.bonds) {
      ++offset[static_cast<std::size_t>(each.a) + 1];
      ++offset[static_cast<std::size_t>(each.b) + 1];
    }
    for (std::size_t i = 1; i < offset.size(); ++i) offset[i] += offset[i - 1];
    auto next = offset;
    for (std::size_t i = 0; i < molecule.bonds.size(); ++i) {
      bond[next[static_cast<std::size_t>(molecule.bonds[i].a)]++] = i;
      bond[next[static_cast<std::size_t>(molecule.bonds[i].b)]++] = i;
    }
  }
};

/// The atom at the other end of a bond of `atom`.
inline std::size_t other_end(const Bond& bond, std::size_t atom) {
  const auto a = static_cast<std::size_t>(bond.a);
  return a == atom ? static_cast<std::size_t>(bond.b) : a;
}

}  // namespace musl
