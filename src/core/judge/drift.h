#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.h"

namespace musl {

/// Mean and standard deviation (divided by S) of each gene over the samples.
struct GeneMoments {
  std::vector<double> mean;
  std::vector<double> sd;
};

/// x (R, S) genes x samples; linear values are logged first: log10(x + 0.01).
[[nodiscard]] GeneMoments gene_moments(const RMatrixView& x, bool linear);

/// Mean Pearson correlation (R) of each gene with the other genes that vary.
/// NaN for a constant gene, and if no other gene varies. O(R S).
[[nodiscard]] std::vector<double> mean_correlations(const RMatrixView& x,
                                                    bool linear);

/// How far the distribution of a sample has moved from a reference.
struct Stability {
  double index = 0;  // population stability index
  double noise = 0;  // exceeded by the index of two samples of one cohort in
                     // 1 of 1,000 cases
};

/// Population stability index sum (q - p) log(q / p) over the bins between the
/// reference's deciles; a repeated decile is a separate bin. Half a value is
/// added to each count.
///
/// NaN are left out; both members are NaN unless both samples have values.
/// Source: Siddiqi (2006), Credit Risk Scorecards; noise: under equal
/// distributions the index is (1/n + 1/m) times chi-squared with bins - 1
/// degrees of freedom (Yurdakul and Naranjo 2020, J Risk Model Valid 14:89);
/// its quantile uses the approximation of Wilson and Hilferty (1931).
[[nodiscard]] Stability stability_index(std::vector<double> reference,
                                        std::vector<double> values);

/// Median over the genes of |new mean - mean| / sd; genes with sd 0 are left
/// out. NaN without a gene. mean, sd, new_mean (R).
[[nodiscard]] double location_shift(const std::vector<double>& mean,
                                    const std::vector<double>& sd,
                                    const std::vector<double>& new_mean);

/// Stability indices due to the choice of samples alone.
struct SamplingNoise {
  double sd = 0;          // two sets of n
  double sd_of_part = 0;  // all samples and a set of n
  double correlation = 0;
};

/// Largest indices of the standard deviations and of mean_correlations()
/// between two disjoint random sets of n columns of x (R, at least 2 n), and
/// of the standard deviations between all columns and the first set, over
/// `repeats` random draws. Standard deviations are compared as whole multiples
/// of `unit` (> 0), as a model stores them: equal ones stay equal. The bits do
/// not depend on `threads` (0: all).
[[nodiscard]] SamplingNoise sampling_noise(const RMatrixView& x, bool linear,
                                           std::int64_t n, int repeats,
                                           double unit, std::uint64_t seed,
                                           int threads = 1);

}  // namespace musl
