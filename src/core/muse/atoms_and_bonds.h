#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "muse/smiles.h"

namespace musl {

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

/// Marks bonds and atoms in rings (bonds whose removal leaves their ends
/// connected) and counts the fragments.
void find_rings(Molecule* molecule);

}  // namespace musl
