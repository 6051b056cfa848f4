#pragma once

#include <cstdint>
#include <vector>

#include "expression/profile.h"
#include "musl/expression.h"

namespace musl {

/// Levels of a source with so many bins: a power of two to a bin, 64 or more in
/// all, so that levels tell bins exactly.
[[nodiscard]] int level_count(int bins);

/// Puts a gene's values on the levels of row `row` of the source.
void store_levels(const ProfileValues& values, std::int64_t row,
                  ExpressionSource* source);

/// Values of row `row` as its levels stand for them. Those given serve to tell
/// zeros and what was detected: they are shifted where values are linear.
void values_of_levels(const ExpressionSource& source, std::int64_t row,
                      ProfileValues* out);

/// Standardised, ranked and biweight rows and flags of row `row`, from its
/// levels; as describe_profile() makes them of values_of_levels().
void describe_levels(std::int64_t row, ExpressionSource* source);

}  // namespace musl
