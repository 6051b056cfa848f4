#pragma once

#include <Rcpp.h>

#include <functional>
#include <string>
#include <vector>

namespace musl_r {

/// Strings that are UTF-8, as R marks them.
[[nodiscard]] Rcpp::CharacterVector as_strings(
    const std::vector<std::string>& strings);

/// Whether the user has not interrupted; to be called on the main thread.
[[nodiscard]] std::function<bool()> interrupt_tick();

}  // namespace musl_r
