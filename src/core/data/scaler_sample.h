#pragma once

#include "musl/pair_set.h"

namespace musl {

/// The pairs that scalers are learned on: at most 20,000, evenly spaced,
/// without labels.
[[nodiscard]] PairSet scaler_sample(const PairSet& pairs);

}  // namespace musl
