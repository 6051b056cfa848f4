#pragma once

#include <vector>

#include "base/prediction.h"

namespace musl::nn {

/// Mean over the members of an ensemble, which read the same inputs.
[[nodiscard]] Attribution mean_attribution(
    const std::vector<Attribution>& of_members);

}  // namespace musl::nn
