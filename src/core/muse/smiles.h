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

}  // namespace musl
