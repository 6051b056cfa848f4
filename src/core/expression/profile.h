#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <vector>

#include "expression/expression.h"

namespace musl {

/// Bits of ExpressionCohort::flags.
inline constexpr std::uint8_t kLow = 1;
inline constexpr std::uint8_t kHigh = 2;
inline constexpr std::uint8_t kDetected = 4;

/// Columns of ExpressionCohort::marginals.
enum Marginal { kMean, kSd, kCv, kSkewness, kKurtosis, kDetection, kMedian };

/// One gene over the S samples of a cohort, as given and on the log scale.
struct ProfileValues {
  std::vector<double> given;
  std::vector<double> logged;
  bool linear = false;
};

/// What ExpressionCohort stores for one profile; each array has length S.
///
/// Variances divide by S. A sample is low when the share of samples below its
/// mid-rank, (rank - 1/2) / S, is under 0.2, and high when it is over 0.8: tied
/// samples are low or high together or not at all. A sample is detected if the
/// value as given is > 0. A constant profile has zero rows.
struct Profile {
  std::vector<float> standardised;
  std::vector<float> ranked;
  std::vector<float> biweight;
  std::vector<std::uint8_t> flags;
  std::array<float, kMarginals> marginals{};
};

/// Clamps a value to the finite range of single precision.
[[nodiscard]] float to_finite_float(double x);

/// kLow, kHigh or neither, for a sample with this doubled mid-rank among n.
[[nodiscard]] std::uint8_t rank_flags(std::int64_t doubled_rank,
                                      std::int64_t n);

/// Fills only the flags of `out`.
void describe_flags(const ProfileValues& values, Profile* out);

/// Fills only the marginals of `out`.
void describe_marginals(const ProfileValues& values, Profile* out);

/// Fills `out`, whose vectors are reused from call to call.
///
/// The coefficient of variation is that of the linear values: those given, or
/// max(2^x - 1, 0) of logged ones. The biweight rows of a profile whose median
/// absolute deviation is zero are its standardised values.
/// Source: Langfelder and Horvath (2012), J Stat Softw 46(11), section 2.
void describe_profile(const ProfileValues& values, Profile* out);

/// Numbers of a profile: matrices of an ExpressionCohort.
enum class ProfileKind { standardised, ranked, biweight };

/// Whether a cohort has rows to give: a model without samples has none.
[[nodiscard]] inline bool has_profiles(const ExpressionCohort& cohort) {
  return cohort.tables != nullptr || cohort.standardised.rows() > 0;
}

/// (S) numbers or flags of a row of a cohort. If the cohort has tables, they
/// are looked up, and are valid until kKeptRows others have been asked for on
/// this thread.
[[nodiscard]] Eigen::Map<const Eigen::RowVectorXf> profile_row(
    const ExpressionCohort& cohort, ProfileKind kind, std::int64_t row);
[[nodiscard]] const std::uint8_t* flag_row(const ExpressionCohort& cohort,
                                           std::int64_t row);
inline constexpr std::size_t kKeptRows = 8;

}  // namespace musl
