#pragma once

#include <string>

namespace musl::test {

/// From now on it is noted who takes each block of memory; one thread.
void start_noting_blocks();

/// Ends that: "name (library), ..." of the functions that took a block that was
/// not given back, from the inside; the first such block. Functions of this
/// program count where there are no others. "a block that was not noted" where
/// all were given back.
[[nodiscard]] std::string first_kept_block();

}  // namespace musl::test
