#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/matrix.h"
#include "dependency/rank_test.h"

namespace musl {

/// Comparisons of cell lines: those that lost the anchor against the rest.
struct DependencyDesign {
  std::vector<std::vector<Group>> groups;  // (anchors) of (lines)
  /// (lines) 0, 1, ... or -1 for none; empty: no strata.
  std::vector<std::int32_t> stratum;
  std::int64_t min_lines = 5;  // no test with fewer in either group
};

/// Results of musl_dependency() for each gene and anchor: genes vary fastest,
/// then anchors. NaN if undefined.
struct DependencyResult {
  std::vector<std::int32_t> n_loss, n_rest;  // lines with a value
  std::vector<double> median_loss, median_rest, delta;
  std::vector<double> p_two_sided, p_less;
  std::vector<std::int32_t> n_strata;  // that hold both groups
  std::vector<double> p_two_sided_stratified, p_less_stratified;
};

/// Compares each gene's values between the groups of each anchor.
///
/// A gene is sorted once for all anchors. Missing values (NaN) are left out per
/// gene. The bits do not depend on the number of threads.
///
/// values   (genes x lines)
/// threads  0: all
/// tick     called on this thread from time to time; false throws
///          CancelledError
[[nodiscard]] DependencyResult differential_dependency(
    const RMatrixView& values, const DependencyDesign& design, int threads,
    const std::function<bool()>& tick = {});

/// For each gene, the share of its non-missing values above (or below) `limit`;
/// NaN without any.
[[nodiscard]] std::vector<double> shares_beyond(const RMatrixView& values,
                                                double limit, bool above);

}  // namespace musl
