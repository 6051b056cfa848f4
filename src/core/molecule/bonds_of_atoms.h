#pragma once

#include <cstddef>
#include <vector>

#include "musl/smiles.h"

namespace musl {

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
