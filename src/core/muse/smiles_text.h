#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "muse/smiles.h"

namespace musl {

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
