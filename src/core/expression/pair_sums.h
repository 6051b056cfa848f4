#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/simd.h"
#include "expression/expression.h"
#include "expression/histogram.h"
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

}  // namespace musl
