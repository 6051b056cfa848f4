#pragma once

namespace musl {

/// In a forked process: kills it when the process with id `parent` ends, or at
/// once if that has already ended. Does nothing except on Linux.
void die_with(int parent);

}  // namespace musl
