#pragma once

#include <Rcpp.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace musl_r {

/// UTF-8 strings, marked as such for R.
[[nodiscard]] Rcpp::CharacterVector as_strings(
    const std::vector<std::string>& strings);

/// Converts positions between R's, from 1, and the core's; NA and -1 mean none.
[[nodiscard]] Rcpp::IntegerVector one_based(
    const std::vector<std::int32_t>& positions);
[[nodiscard]] std::vector<std::int32_t> zero_based(
    const Rcpp::IntegerVector& positions);

/// Whether the user has not interrupted; to be called on the main thread.
[[nodiscard]] std::function<bool()> interrupt_tick();

}  // namespace musl_r
