#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace musl {

/// The JSON object that a safetensors file begins with.
///
/// FormatError, one clause without a full stop, for what is no object, names a
/// key twice (which of the two counts is not said anywhere), has a zero byte in
/// a key (names end there in R) or is nested deeper than the format is.
[[nodiscard]] nlohmann::json parse_json_header(const std::string& text);

}  // namespace musl
