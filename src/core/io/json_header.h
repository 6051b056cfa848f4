#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace musl {

/// Parses the JSON object at the start of a safetensors file.
///
/// FormatError, one clause without a full stop, for text that is not an object,
/// repeats a key (the format does not define which one counts), has a zero byte
/// in a key (names end there in R) or is nested deeper than the format.
[[nodiscard]] nlohmann::json parse_json_header(const std::string& text);

}  // namespace musl
