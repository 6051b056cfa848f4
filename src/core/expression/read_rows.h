#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "expression/expression.h"
#include "expression/profile.h"

namespace musl {

/// Values of a gene as given, or their logarithm for `log` and `z_log`: log(1 +
/// x), and -log(1 - x) for negative values.
[[nodiscard]] std::vector<double> transform_values(
    const std::vector<double>& given, Transform how);

/// Ends of the binned range.
struct BinRange {
  float lower = 0, upper = 0;
};

/// z-scores are binned up to 3 standard deviations on either side of the mean,
/// the same for every gene; the outermost bins include everything beyond. In
/// the units of the values; the range of a constant gene has no width.
[[nodiscard]] BinRange standard_range(const std::vector<double>& values);

/// Bins a gene: writes codes and edges of row `row`.
///
/// range  of value binning; none: that of the values
void bin_row(const ExpressionConfig& config, const std::vector<double>& values,
             const std::optional<BinRange>& range, std::int64_t row,
             AssayFeatures* out);

/// Rows that a thread visits at a time: one cache line of R's columns.
inline constexpr std::int64_t kRowsPerItem = 8;

/// Called for the rows first .. last - 1 of a loaded block, on any thread.
using RowsVisitor = std::function<void(const std::vector<AssayReader>& readers,
                                       std::int64_t first, std::int64_t last)>;

/// Reads the rows of assays of one size, block by block, and visits
/// kRowsPerItem of them at a time, in parallel.
void read_rows(const ExpressionInput& input, int threads,
               const RowsVisitor& visit);

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
