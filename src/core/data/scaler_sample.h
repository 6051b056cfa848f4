#pragma once

#include "musl/pair_set.h"

namespace musl {

/// The pairs that scalers are learned on: at most 20,000, at equal distances,
/// without labels.
[[nodiscard]] PairSet scaler_sample(const PairSet& pairs);

}  // namespace musl
