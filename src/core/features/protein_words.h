#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/evidence.h"

namespace musl {

/// Fills the 4-mers of the store from (G) proteins, "" if unknown; does nothing
/// if all are unknown. Words with a letter outside the 20 amino acids are
/// skipped.
void put_words(const std::vector<std::string>& sequences, EvidenceStore* store);

/// Shared 4-mers over those of the protein that has fewer, 0 to 1; NaN if a
/// protein is unknown or too short.
[[nodiscard]] float word_containment(const EvidenceStore& store, std::int32_t a,
                                     std::int32_t b);

}  // namespace musl
