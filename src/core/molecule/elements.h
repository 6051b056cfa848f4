#pragma once

#include <string_view>

namespace musl {

/// The atomic number of a symbol as written ("C", "Cl"); 0 where it is none.
[[nodiscard]] int atomic_number(std::string_view symbol);

/// The hydrogens that an atom without brackets has beside bonds of these orders
/// together: up to its lowest normal valence that suffices, and none where none
/// does. An aromatic atom has its lowest alone.
[[nodiscard]] int implicit_hydrogens(int element, int bond_orders,
                                     bool aromatic);

}  // namespace musl
