#pragma once

#include <cstdint>

#include "musl/smiles.h"

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

}  // namespace musl
