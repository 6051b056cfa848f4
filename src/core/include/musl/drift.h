#pragma once

#include <cstdint>
#include <vector>

#include "musl/matrix.h"

namespace musl {

/// Mean and standard deviation (divided by S) of each gene over the samples.
struct GeneMoments {
  std::vector<double> mean;
  std::vector<double> sd;
};

/// x (R, S) genes x samples; linear values are logged first, as everywhere:
/// log10(x + 0.01).
[[nodiscard]] GeneMoments gene_moments(const RMatrixView& x, bool linear);

/// Mean Pearson correlation (R) of each gene with the other genes that vary.
/// NaN for a constant gene, and where no other gene varies. O(R S).
[[nodiscard]] std::vector<double> mean_correlations(const RMatrixView& x,
                                                    bool linear);

/// How far a sample of numbers has moved from a reference.
struct Stability {
  double index = 0;  // population stability index
  double noise = 0;  // what the index of two samples of one source exceeds in
                     // 1 case of 1,000
};

/// Population stability index sum (q - p) log(q / p) over the bins that the
/// reference's deciles make; a repeated decile is a bin of its own. Half a
/// value is added to each count.
///
/// NaN in either is left out; both members are NaN without values in both.
/// Source: Siddiqi (2006), Credit Risk Scorecards; noise: the index of equal
/// distributions is (1/n + 1/m) times chi-squared of bins - 1 degrees of
/// freedom (Yurdakul and Naranjo 2020, J Risk Model Valid 14:89), whose
/// quantile is Wilson and Hilferty's (1931).
[[nodiscard]] Stability stability_index(std::vector<double> reference,
                                        std::vector<double> values);

/// Median over the genes of |new mean - mean| / sd; genes of sd 0 are left out.
/// NaN without a gene. mean, sd, new_mean (R); throws ShapeError when the
/// lengths differ.
[[nodiscard]] double location_shift(const std::vector<double>& mean,
                                    const std::vector<double>& sd,
                                    const std::vector<double>& new_mean);

/// Stability indices that the choice of samples alone makes.
struct SamplingNoise {
  double sd = 0;
  double correlation = 0;
};

/// Largest indices of the standard deviations and of mean_correlations()
/// between two disjoint random sets of n columns of x (R, at least 2 n), over
/// `repeats` drawings: the same bits whatever the number of `threads` (0: all).
/// Throws ShapeError for fewer columns.
[[nodiscard]] SamplingNoise sampling_noise(const RMatrixView& x, bool linear,
                                           std::int64_t n, int repeats,
                                           std::uint64_t seed, int threads = 1);

}  // namespace musl
