#pragma once

namespace musl {

/// Gives freed memory that the C library keeps for itself back to the system.
/// Does nothing without glibc.
void return_memory();

}  // namespace musl
