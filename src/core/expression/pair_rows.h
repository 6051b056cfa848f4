#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "expression/contingency.h"
#include "expression/pair_sums.h"
#include "expression/profile.h"
#include "expression/profile_rows.h"
#include "musl/descriptors.h"
#include "musl/expression.h"
#include "musl/histogram.h"

namespace musl {

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

}  // namespace musl
