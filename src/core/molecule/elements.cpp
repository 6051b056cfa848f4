#include "molecule/elements.h"

#include <algorithm>
#include <array>

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

}  // namespace musl
