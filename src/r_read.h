#pragma once

#include <Rcpp.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace musl_r {

/// Strings that are UTF-8, as R marks them.
[[nodiscard]] Rcpp::CharacterVector as_strings(
    const std::vector<std::string>& strings);

/// Positions as R counts them, from 1, and as the core does; NA and -1 are
/// none.
[[nodiscard]] Rcpp::IntegerVector one_based(
    const std::vector<std::int32_t>& positions);
[[nodiscard]] std::vector<std::int32_t> zero_based(
    const Rcpp::IntegerVector& positions);

/// Whether the user has not interrupted; to be called on the main thread.
[[nodiscard]] std::function<bool()> interrupt_tick();

}  // namespace musl_r
