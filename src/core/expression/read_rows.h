#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "expression/expression.h"

namespace musl {

/// Bins one gene's values into codes 0 .. bins - 1.
///
/// x      (n)  values on the log scale
/// out    (n)  codes
/// Value binning: equal-width bins over [lower, upper]; values outside are
/// clamped. Source: Yuan and Bar-Joseph (2019), PNAS 116:27151.
void bin_by_value(const float* x, std::int64_t n, float lower, float upper,
                  int bins, std::uint8_t* out);

/// Equal-frequency bins. Ties share the lower bin. Ties at the minimum fill bin
/// 0 alone if they are more than 1/bins of the samples; a constant gene is all
/// 0.
void bin_by_rank(const float* x, std::int64_t n, int bins, std::uint8_t* out);

/// Reads an assay row by row, with one block of rows dense at a time.
class AssayReader {
 public:
  explicit AssayReader(const AssayView& assay);

  /// Makes rows first .. first + n - 1 ready for copy_row(). Blocks must come
  /// in ascending order, each row once. Throws InputError if a sparse column
  /// does not ascend or has a row outside the matrix.
  void load(std::int64_t first, std::int64_t n);

  /// Copies a row of the loaded block, cols() values; from any thread.
  void copy_row(std::int64_t row, double* out) const;

 private:
  void load_sparse(const SparseColumns& x, std::int64_t n);

  const AssayView& assay_;
  std::int64_t first_ = 0;            // of the loaded block
  std::vector<double> block_;         // (n, S)
  std::vector<std::int32_t> cursor_;  // (S) next value of each sparse column
};

/// The samples, ordered by their values in all assays: the same order for the
/// same samples, however they and the genes were given. Reads all assays.
[[nodiscard]] std::vector<std::int32_t> order_by_content(
    const ExpressionInput& input, int threads);

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
