#pragma once

#include "muse/molecule.h"

namespace musl {

/// Marks bonds and atoms in rings (bonds whose removal leaves their ends
/// connected) and counts the fragments.
void find_rings(Molecule* molecule);

}  // namespace musl
