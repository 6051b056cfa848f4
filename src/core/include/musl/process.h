#pragma once

namespace musl {

/// In a forked process: it is killed when the process of id `parent` ends, and
/// at once where that is no more. Elsewhere than on Linux it does nothing.
void die_with(int parent);

}  // namespace musl
