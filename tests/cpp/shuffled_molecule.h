#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/rng.h"
#include "muse/molecule.h"

namespace musl {

/// The molecule with its atoms and its bonds in another order.
inline Molecule shuffled(const Molecule& molecule, std::uint64_t seed) {
  Rng rng(seed);
  const auto n = static_cast<std::int64_t>(molecule.atoms.size());
  const auto place = rng.permutation(n);
  Molecule result = molecule;
  for (std::size_t i = 0; i < place.size(); ++i) {
    result.atoms[static_cast<std::size_t>(place[i])] = molecule.atoms[i];
  }
  const auto order =
      rng.permutation(static_cast<std::int64_t>(molecule.bonds.size()));
  for (std::size_t i = 0; i < order.size(); ++i) {
    Bond bond = molecule.bonds[static_cast<std::size_t>(order[i])];
    const auto a = place[static_cast<std::size_t>(bond.a)];
    const auto b = place[static_cast<std::size_t>(bond.b)];
    bond.a = static_cast<std::int32_t>(std::min(a, b));
    bond.b = static_cast<std::int32_t>(std::max(a, b));
    result.bonds[i] = bond;
  }
  return result;
}

}  // namespace musl
