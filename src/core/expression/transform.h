#pragma once

#include <vector>

#include "musl/binning.h"

namespace musl {

/// Values of a gene as they were given, or their logarithm for `log` and
/// `z_log`: log(1 + x), and its mirror image -log(1 - x) of negative values.
[[nodiscard]] std::vector<double> transform_values(
    const std::vector<double>& given, Transform how);

/// Ends of what bins are made of.
struct BinRange {
  float lower = 0, upper = 0;
};

/// z-scores are cut at 3 standard deviations on either side of the mean, the
/// same for every gene: the outermost bins have all beyond. In the units of the
/// values; a constant gene has no width.
[[nodiscard]] BinRange standard_range(const std::vector<double>& values);

/// Does it cut z-scores, and not the gene's own range?
[[nodiscard]] bool is_standardised(Transform how);

}  // namespace musl
