#pragma once

#include "musl/smiles.h"

namespace musl {

/// Marks bonds and atoms that lie in a ring (bonds without which their ends
/// would still be connected) and counts the fragments.
void find_rings(Molecule* molecule);

}  // namespace musl
