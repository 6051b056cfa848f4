#pragma once

namespace musl {

/// Scaled value of a cell with this share of the samples.
[[nodiscard]] float scaled_share(double share);

/// The share of a scaled value, 0 at its floor and below.
[[nodiscard]] double share_of_scaled(double scaled);

}  // namespace musl
