#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/evidence.h"

namespace musl {

/// The 4-mers of (G) proteins, "" if unknown; none if all are unknown. Words
/// with a letter outside the 20 amino acids are skipped.
[[nodiscard]] ProteinWords protein_words(
    const std::vector<std::string>& sequences);

/// Shared 4-mers over those of the protein that has fewer, 0 to 1; NaN if a
/// protein is unknown or too short.
[[nodiscard]] float word_containment(const ProteinWords& words, std::int32_t a,
                                     std::int32_t b);

}  // namespace musl
