#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "musl/matrix.h"
#include "musl/rank_test.h"

namespace musl {

/// One comparison of lines: those that lost the anchor against the rest.
struct ScreenDesign {
  std::vector<std::vector<Group>> groups;  // (anchors) of (lines)
  /// (lines) 0, 1, ... or -1 for none; or empty for no strata at all.
  std::vector<std::int32_t> stratum;
};

struct ScreenOptions {
  bool correct = true;         // for continuity; see rank_sum_test()
  std::int64_t min_lines = 5;  // below it in either group there is no test
  int threads = 0;             // 0: all
};

/// What musl_screen() reports of each gene under each anchor: genes change
/// fastest, then anchors. NaN where there is nothing to say.
struct ScreenResult {
  std::vector<std::int32_t> n_loss, n_rest;  // lines with a value
  std::vector<double> median_loss, median_rest, delta;
  std::vector<double> p_two_sided, p_less;
  std::vector<std::int32_t> n_strata;  // that hold both groups
  std::vector<double> p_two_sided_stratified, p_less_stratified;
};

/// Compares each gene's values between the groups of each anchor.
///
/// A gene is sorted once for all anchors. Missing values (NaN) are left out
/// gene by gene. Same bits for any number of threads.
///
/// values (genes x lines)
/// tick   called on this thread now and then; false cancels (CancelledError)
/// Throws ShapeError when a group or the strata do not fit the lines.
[[nodiscard]] ScreenResult screen_genes(const RMatrixView& values,
                                        const ScreenDesign& design,
                                        const ScreenOptions& options,
                                        const std::function<bool()>& tick = {});

/// Of each gene, the share of its values above (or below) `limit` among those
/// that are not missing; NaN without any.
[[nodiscard]] std::vector<double> shares_beyond(const RMatrixView& values,
                                                double limit, bool above);

}  // namespace musl
