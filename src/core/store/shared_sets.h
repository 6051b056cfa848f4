#pragma once

#include <cstdint>

#include "base/sorted_ids.h"
#include "store/gene_sets.h"

namespace musl {

/// Calls found(set) for each set that contains both genes, ascending. Symmetric
/// in the genes.
template <class Found>
void for_shared_sets(const GeneSets& sets, std::int32_t a, std::int32_t b,
                     Found&& found) {
  intersect(row_of(sets.offset, sets.set, a), row_of(sets.offset, sets.set, b),
            found);
}

}  // namespace musl
