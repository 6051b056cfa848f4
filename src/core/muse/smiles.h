#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "muse/molecule.h"

namespace musl {

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

}  // namespace musl
