#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "musl/expression.h"

namespace musl {

/// Numbers of a profile: matrices of an ExpressionSource.
enum class ProfileKind { standardised, ranked, biweight };

/// Whether a source has rows to give: a model without samples has none.
[[nodiscard]] inline bool has_profiles(const ExpressionSource& source) {
  return source.tables != nullptr || source.standardised.rows() > 0;
}

/// (S) numbers or flags of a row of a source. If the source has tables, they
/// are looked up, and are valid until kKeptRows others have been asked for on
/// this thread.
[[nodiscard]] Eigen::Map<const Eigen::RowVectorXf> profile_row(
    const ExpressionSource& source, ProfileKind kind, std::int64_t row);
[[nodiscard]] const std::uint8_t* flag_row(const ExpressionSource& source,
                                           std::int64_t row);
inline constexpr std::size_t kKeptRows = 8;

}  // namespace musl
