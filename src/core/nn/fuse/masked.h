#pragma once

namespace musl::nn {

/// Replaces a masked logit: exp(kMasked - x) is exactly 0 for any realistic x.
inline constexpr double kMasked = -1e9;

}  // namespace musl::nn
