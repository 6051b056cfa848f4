#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "musl/expression.h"

namespace musl {

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
