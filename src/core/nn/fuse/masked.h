#pragma once

namespace musl::nn {

/// Takes the place of a masked logit: exp(kMasked - anything sane) is exactly
/// 0.
inline constexpr double kMasked = -1e9;

}  // namespace musl::nn
