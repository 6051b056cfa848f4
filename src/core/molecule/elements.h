#pragma once

#include <string_view>

namespace musl {

/// The atomic number of a symbol as written ("C", "Cl"); 0 if unknown.
[[nodiscard]] int atomic_number(std::string_view symbol);

/// The hydrogens of an atom without brackets whose bond orders have this sum:
/// up to the lowest normal valence that suffices, none if no valence does. An
/// aromatic atom has only its lowest valence.
[[nodiscard]] int implicit_hydrogens(int element, int bond_orders,
                                     bool aromatic);

}  // namespace musl
