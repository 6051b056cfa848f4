#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
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

/// The atomic number of a symbol as written ("C", "Cl"); 0 if unknown.
[[nodiscard]] int atomic_number(std::string_view symbol);

/// The hydrogens of an atom without brackets whose bond orders have this sum:
/// up to the lowest normal valence that suffices, none if no valence does. An
/// aromatic atom has only its lowest valence.
[[nodiscard]] int implicit_hydrogens(int element, int bond_orders,
                                     bool aromatic);

/// The unread rest of a SMILES, character by character.
class SmilesText {
 public:
  explicit SmilesText(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  /// The next character; 0 at the end.
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  char take() { return text_[at_++]; }
  /// Takes the next character if it is this one.
  bool take_if(char c) {
    if (at_end() || peek() != c) return false;
    ++at_;
    return true;
  }
  /// Takes these characters if they come next.
  bool take_if(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  [[nodiscard]] bool at_digit() const { return peek() >= '0' && peek() <= '9'; }
  /// 1-based, of the next character.
  [[nodiscard]] std::size_t place() const { return at_ + 1; }

  /// Throws InputError with a position and the reason.
  [[noreturn]] static void refuse(std::size_t place, const std::string& why);
  /// The same for the next character.
  [[noreturn]] void refuse_next(const std::string& why) const;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Takes an atom in brackets; the next character is `[`.
[[nodiscard]] Atom take_bracket_atom(SmilesText* text);

/// Takes an atom of the organic subset, without its hydrogens.
[[nodiscard]] Atom take_organic_atom(SmilesText* text);

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
