#pragma once

#include <cstdint>
#include <vector>

#include "features/evidence.h"
#include "learners/boosting.h"

namespace musl {

/// The configuration of boosting, monotone where columns say so.
[[nodiscard]] BoostingConfig monotone_boosting(
    const BoostingConfig& config, const std::vector<EvidenceColumn>& columns,
    std::int64_t n_raw);

}  // namespace musl
