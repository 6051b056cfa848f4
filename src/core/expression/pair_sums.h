#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/simd.h"
#include "expression/expression.h"
#include "expression/pair_expression.h"
#include "expression/profile.h"

namespace musl {

/// Joint counts of two flag rows (see profile.h). Counts of one gene name it;
/// "low_high" counts samples in which a is low and b high.
struct FlagCounts {
  std::int64_t low_a = 0, low_b = 0, high_a = 0, high_b = 0;
  std::int64_t detected_a = 0, detected_b = 0, both_detected = 0;
  std::int64_t low_low = 0, high_high = 0, low_high = 0, high_low = 0;
};

/// Distances between two rows, over their samples: the largest |x - y| and the
/// sums of |x - y|, of its square, of |x| + |y| and of |x - y| / (|x| + |y|),
/// with 0 / 0 = 0.
struct Distances {
  double largest = 0, absolute = 0, squared = 0, size = 0, relative = 0;
};

/// Sums over two rows of samples, in single precision over blocks of 1024
/// samples and in double precision over blocks, with the same bits for every
/// instruction set.
struct PairSums {
  FlagCounts (*flags)(const std::uint8_t* a, const std::uint8_t* b,
                      std::int64_t n);
  /// Sum of x[i] * y[i].
  double (*dot)(const float* x, const float* y, std::int64_t n);
  /// Sum of x[i] over the samples whose flags have `bit`.
  double (*flagged)(const float* x, const std::uint8_t* flags, std::uint8_t bit,
                    std::int64_t n);
  /// Pearson correlation over the samples whose flags both have `bit`; n_both
  /// is their number. 0 with fewer than three, or if a row is constant there.
  double (*pearson)(const float* x, const float* y, const std::uint8_t* flags_x,
                    const std::uint8_t* flags_y, std::uint8_t bit,
                    std::int64_t n_both, std::int64_t n);
  Distances (*distances)(const float* x, const float* y, std::int64_t n);
};

[[nodiscard]] PairSums pair_sums_with(InstructionSet set);
/// With the best instruction set of this processor.
[[nodiscard]] const PairSums& pair_sums();

/// Two rows of a cohort, in the order of the genes.
struct PairRows {
  const ExpressionCohort& cohort;
  std::int32_t a, b;

  [[nodiscard]] std::int64_t n() const { return cohort.n_samples; }
  [[nodiscard]] int bins() const { return cohort.config.bins; }
  [[nodiscard]] double marginal_a(Marginal m) const {
    return cohort.marginals(a, m);
  }
  [[nodiscard]] double marginal_b(Marginal m) const {
    return cohort.marginals(b, m);
  }
  [[nodiscard]] const float* profile_a(ProfileKind kind) const {
    return profile_row(cohort, kind, a).data();
  }
  [[nodiscard]] const float* profile_b(ProfileKind kind) const {
    return profile_row(cohort, kind, b).data();
  }
  [[nodiscard]] const std::uint8_t* flags_a() const {
    return flag_row(cohort, a);
  }
  [[nodiscard]] const std::uint8_t* flags_b() const {
    return flag_row(cohort, b);
  }
  [[nodiscard]] double product(ProfileKind kind) const {
    return std::clamp(pair_sums().dot(profile_a(kind), profile_b(kind), n()),
                      -1.0, 1.0);
  }
  /// Counts of samples by the bins of both, (K, K); valid until the next call
  /// on this thread.
  [[nodiscard]] const std::uint32_t* joint_counts() const {
    thread_local std::vector<std::uint32_t> counts;
    const ByteMatrix& codes = cohort.assays[0].codes;
    counts.resize(static_cast<std::size_t>(bins()) *
                  static_cast<std::size_t>(bins()));
    joint_histogram(codes.row(a).data(), codes.row(b).data(), n(), bins(),
                    counts.data());
    return counts.data();
  }
};

/// 0 if the denominator is 0.
inline double ratio(double numerator, double denominator) {
  return denominator > 0 ? numerator / denominator : 0.0;
}

/// The second set of descriptors, of the kinds in the published MuSL:
/// correlations, information, divergences and distances.
[[nodiscard]] DescriptorValues paper_descriptors(const PairRows& pair);
[[nodiscard]] const DescriptorNames& paper_descriptor_names();

/// Scaled value of a cell with this share of the samples.
[[nodiscard]] float scaled_share(double share);

/// The share of a scaled value, 0 at its floor and below.
[[nodiscard]] double share_of_scaled(double scaled);

/// c log c of an integer; 0 for 0.
[[nodiscard]] double count_log(std::int64_t c);

/// Association in a table of counts (bins, bins), row-major.
struct TableAssociation {
  double mutual_information = 0;  // nats
  double entropy_rows = 0;
  double entropy_columns = 0;
  double kendall = 0;  // tau-b; 0 if a margin has only one bin
};

/// n is the sum of the counts; n == 0 gives zeros. O(bins^2): concordant pairs
/// come from running column sums.
[[nodiscard]] TableAssociation associate(const std::uint32_t* counts, int bins,
                                         std::int64_t n);

/// How the margins of a table of counts differ, and how well rows predict
/// columns. Margins are distributions p of the rows and q of the columns over
/// the same bins.
struct TableComparison {
  // Kullback-Leibler divergences of margins with half a sample added per bin
  double kl_rows = 0;     // sum p log(p / q)
  double kl_columns = 0;  // sum q log(q / p)
  double jensen_shannon = 0;
  double hellinger = 0;
  double total_variation = 0;
  double kolmogorov = 0;   // largest difference of the cumulated margins
  double wasserstein = 0;  // their mean difference over the bins
  double cramer_v = 0;
  // Correlation ratios: share of the variance of one gene's bin index that the
  // other gene's bin explains; 0 without variance
  double ratio_rows = 0;  // of the rows' bin, given the column
  double ratio_columns = 0;
};

/// counts (bins, bins), row-major, at most 64 bins; n is their sum, > 0.
[[nodiscard]] TableComparison compare_margins(const std::uint32_t* counts,
                                              int bins, std::int64_t n);

}  // namespace musl
