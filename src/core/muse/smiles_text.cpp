#include "muse/smiles_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/error.h"
#include "muse/molecule.h"

namespace musl {

namespace {

constexpr std::array<std::string_view, 118> kSymbols = {
    "H",  "He", "Li", "Be", "B",  "C",  "N",  "O",  "F",  "Ne", "Na", "Mg",
    "Al", "Si", "P",  "S",  "Cl", "Ar", "K",  "Ca", "Sc", "Ti", "V",  "Cr",
    "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr",
    "Rb", "Sr", "Y",  "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd",
    "In", "Sn", "Sb", "Te", "I",  "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd",
    "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf",
    "Ta", "W",  "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po",
    "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U",  "Np", "Pu", "Am", "Cm",
    "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs",
    "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og"};

/// Ascending; those after the last are 0.
std::array<int, 3> valences(int element) {
  switch (element) {
    case 5:
      return {3, 0, 0};
    case 6:
      return {4, 0, 0};
    case 7:
    case 15:
      return {3, 5, 0};
    case 8:
      return {2, 0, 0};
    case 16:
      return {2, 4, 6};
    case 9:
    case 17:
    case 35:
    case 53:
      return {1, 0, 0};
    default:
      return {0, 0, 0};
  }
}

constexpr int kMostCharge = 15;
constexpr std::string_view kAromaticLetters = "bcnops";

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

void skip_digits(SmilesText* text) {
  while (text->at_digit()) text->take();
}

/// An aromatic letter; its upper case is the element.
Atom take_aromatic_letter(SmilesText* text) {
  Atom atom;
  const char upper = static_cast<char>(text->take() - 'a' + 'A');
  atom.element = atomic_number({&upper, 1});
  atom.aromatic = true;
  return atom;
}

bool at_aromatic_letter(const SmilesText& text) {
  return !text.at_end() &&
         kAromaticLetters.find(text.peek()) != std::string_view::npos;
}

/// An element in upper case; the longer symbol where there are two.
Atom take_element(SmilesText* text) {
  const std::size_t place = text->place();
  char symbol[2] = {text->take(), '\0'};
  Atom atom;
  if (is_lower(text->peek())) {
    symbol[1] = text->peek();
    atom.element = atomic_number({symbol, 2});
    if (atom.element > 0) text->take();
  }
  if (atom.element == 0) atom.element = atomic_number({symbol, 1});
  if (atom.element == 0) SmilesText::refuse(place, "is no element");
  return atom;
}

Atom take_bracket_symbol(SmilesText* text) {
  Atom atom;
  if (text->take_if('*')) return atom;
  for (const auto& [written, symbol] :
       {std::pair{"se", "Se"}, std::pair{"as", "As"}}) {
    if (!text->take_if(written)) continue;
    atom.element = atomic_number(symbol);
    atom.aromatic = true;
    return atom;
  }
  if (at_aromatic_letter(*text)) return take_aromatic_letter(text);
  if (is_upper(text->peek())) return take_element(text);
  text->refuse_next("must be an element");
}

/// `@`, `@@`, `@TH1` and similar, which do not affect the graph.
void skip_chirality(SmilesText* text) {
  if (!text->take_if('@') || text->take_if('@')) return;
  for (const std::string_view kind : {"TH", "AL", "SP", "TB", "OH"}) {
    if (!text->take_if(kind)) continue;
    if (!text->at_digit()) text->refuse_next("must be a digit");
    skip_digits(text);
    return;
  }
}

int take_hydrogens(SmilesText* text) {
  if (!text->take_if('H')) return 0;
  return text->at_digit() ? text->take() - '0' : 1;
}

int take_charge(SmilesText* text) {
  const std::size_t place = text->place();
  const char sign = text->peek();
  if (sign != '+' && sign != '-') return 0;
  int size = 0;
  if (text->take_if(sign) && text->at_digit()) {
    while (text->at_digit() && size <= kMostCharge) {
      size = 10 * size + (text->take() - '0');
    }
  } else {
    for (size = 1; size <= kMostCharge && text->take_if(sign);) ++size;
  }
  if (size > kMostCharge) {
    SmilesText::refuse(place,
                       "is a charge beyond " + std::to_string(kMostCharge));
  }
  return sign == '+' ? size : -size;
}

}  // namespace

int atomic_number(std::string_view symbol) {
  const auto* const found = std::find(kSymbols.begin(), kSymbols.end(), symbol);
  return found == kSymbols.end()
             ? 0
             : static_cast<int>(found - kSymbols.begin()) + 1;
}

int implicit_hydrogens(int element, int bond_orders, bool aromatic) {
  const auto known = valences(element);
  if (aromatic) return std::max(0, known[0] - bond_orders);
  for (const int valence : known) {
    if (valence >= bond_orders) return valence - bond_orders;
  }
  return 0;
}

void SmilesText::refuse(std::size_t place, const std::string& why) {
  throw InputError("The SMILES can't be read: place " + std::to_string(place) +
                   " " + why + ".");
}

void SmilesText::refuse_next(const std::string& why) const {
  const char c = peek();
  const bool printable = c > ' ' && c < 127;
  const std::string found = at_end()    ? "the end"
                            : printable ? "`" + std::string(1, c) + "`"
                                        : "a blank or foreign byte";
  refuse(place(), why + ", not " + found);
}

Atom take_bracket_atom(SmilesText* text) {
  text->take();
  skip_digits(text);
  Atom atom = take_bracket_symbol(text);
  skip_chirality(text);
  atom.hydrogens = take_hydrogens(text);
  atom.charge = take_charge(text);
  if (text->take_if(':')) {
    if (!text->at_digit()) text->refuse_next("must be an atom's class");
    skip_digits(text);
  }
  if (!text->take_if(']')) text->refuse_next("must be `]`");
  return atom;
}

Atom take_organic_atom(SmilesText* text) {
  if (at_aromatic_letter(*text)) return take_aromatic_letter(text);
  Atom atom;
  if (text->take_if('*')) return atom;
  for (const std::string_view symbol :
       {"Cl", "Br", "B", "C", "N", "O", "P", "S", "F", "I"}) {
    if (!text->take_if(symbol)) continue;
    atom.element = atomic_number(symbol);
    return atom;
  }
  text->refuse_next(is_upper(text->peek())
                        ? "must stand in brackets or be an atom of B, C, N, O, "
                          "P, S, F, Cl, Br, I"
                        : "must be an atom");
}

}  // namespace musl
