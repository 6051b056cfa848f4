#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "expression/expression.h"
#include "expression/profile.h"

namespace musl {

/// Columns of ExpressionCohort::step_begin: the first step that is not low,
/// that is detected, that is high; 255 if there is none.
enum StepThreshold { kNotLowStep, kDetectedStep, kHighStep, kThresholds };

/// Number of levels of a cohort with `bins` bins: 192 to 252, the same number
/// in each bin, so that levels determine bins exactly.
[[nodiscard]] int level_count(int bins);

/// Puts a gene's values on steps, in row `row` of the cohort. Steps are levels
/// plus one for each threshold below: a level split by a threshold gives two
/// steps, so that low, high and detected are stored exactly.
void store_levels(const ProfileValues& values, std::int64_t row,
                  ExpressionCohort* cohort);

/// Logged values of row `row` represented by its steps, (S).
[[nodiscard]] std::vector<double> values_of_levels(
    const ExpressionCohort& cohort, std::int64_t row);

/// Standardised, ranked and biweight rows and flags of row `row`, from its
/// steps; equal to describe_profile() of values_of_levels(). Written to the
/// row of `tables`, if not null, else to that of the cohort.
void describe_levels(std::int64_t row, ExpressionCohort* cohort,
                     StepTables* tables);

/// Empty tables for the rows of a cohort that is too large to store them, else
/// null.
[[nodiscard]] std::shared_ptr<StepTables> tables_for(
    const ExpressionCohort& cohort);

}  // namespace musl
