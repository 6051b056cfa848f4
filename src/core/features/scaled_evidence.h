#pragma once

#include <vector>

#include "features/evidence.h"
#include "features/feature_group.h"
#include "store/gene_store.h"

namespace musl {

/// The second set of columns: facts on scales of about 0 to 4, 0 for none.
/// Those of alignments are last, if the store has paralogs.
[[nodiscard]] std::vector<EvidenceColumn> scaled_evidence_columns(
    const GeneStore& store);
void write_scaled_evidence(const PairFacts& facts, bool aligned, float* out);

}  // namespace musl
