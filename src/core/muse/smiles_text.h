#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/os.h"
#include "muse/molecule.h"

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

}  // namespace musl
