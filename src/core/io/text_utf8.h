#pragma once

#include <cstdint>
#include <string>

namespace musl {

/// Adds a character, given by its code point, to UTF-8 text.
void append_utf8(std::uint32_t point, std::string* out);

}  // namespace musl
