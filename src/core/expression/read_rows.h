#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "musl/expression.h"

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

}  // namespace musl
