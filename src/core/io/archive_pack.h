#pragma once

#include "io/archive.h"

namespace musl {

/// Compresses an archive without loss: numbers that half precision holds become
/// F16; large tensors are rearranged by a filter and deflated, under a name
/// that states filter, type and shape. Tensors that this hardly shrinks, and
/// tensors already packed, are unchanged.
[[nodiscard]] Archive packed(Archive archive);
/// Reverses packed(); an archive that is not packed is returned unchanged.
/// FormatError if a tensor does not unpack to what its name announces.
[[nodiscard]] Archive unpacked(const Archive& archive);

}  // namespace musl
