#pragma once

#include <cstdint>
#include <vector>

#include "expression/profile.h"
#include "musl/expression.h"

namespace musl {

/// Columns of ExpressionSource::step_begin: the first step that is not low, the
/// first that is detected, the first that is high; 255 where there is none.
enum StepThreshold { kNotLowStep, kDetectedStep, kHighStep, kThresholds };

/// Levels of a source with so many bins: 192 to 252, as many in each bin, so
/// that levels tell bins exactly.
[[nodiscard]] int level_count(int bins);

/// Puts a gene's values on steps, in row `row` of the source. Steps are levels,
/// counted on by one at each threshold: a level that a threshold splits is two
/// steps, so that who is low, high or detected is told exactly.
void store_levels(const ProfileValues& values, std::int64_t row,
                  ExpressionSource* source);

/// Values of row `row` as its steps stand for them. Those given serve to tell
/// zeros and what was detected: they are shifted where values are linear.
void values_of_levels(const ExpressionSource& source, std::int64_t row,
                      ProfileValues* out);

/// Standardised, ranked and biweight rows and flags of row `row`, from its
/// steps; as describe_profile() makes them of values_of_levels().
void describe_levels(std::int64_t row, ExpressionSource* source);

}  // namespace musl
