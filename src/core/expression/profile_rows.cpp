#include "expression/profile_rows.h"

#include <algorithm>
#include <array>
#include <vector>

namespace musl {

namespace {

/// The rows that a thread has looked up last.
template <class Value>
class LookedUp {
 public:
  /// table  the values of the row's steps
  const Value* row(const ExpressionCohort& cohort, int kind, std::int64_t row,
                   const Value* table) {
    ++clock_;
    const std::uint64_t id = cohort.tables->id;
    for (auto& kept : kept_) {
      if (kept.id != id || kept.kind != kind || kept.row != row) continue;
      kept.asked = clock_;
      return kept.values.data();
    }
    Kept& oldest = *std::min_element(
        kept_.begin(), kept_.end(),
        [](const Kept& x, const Kept& y) { return x.asked < y.asked; });
    oldest.id = 0;  // while it is filled
    const auto steps = cohort.steps.row(row);
    oldest.values.resize(static_cast<std::size_t>(cohort.n_samples));
    std::transform(steps.data(), steps.data() + cohort.n_samples,
                   oldest.values.begin(),
                   [table](std::uint8_t step) { return table[step]; });
    oldest.id = id;
    oldest.kind = kind;
    oldest.row = row;
    oldest.asked = clock_;
    return oldest.values.data();
  }

 private:
  struct Kept {
    std::uint64_t id = 0;  // of the tables; 0: none
    int kind = 0;
    std::int64_t row = 0;
    std::uint64_t asked = 0;
    std::vector<Value> values;
  };
  std::array<Kept, kKeptRows> kept_;
  std::uint64_t clock_ = 0;
};

/// Of a cohort or of its tables.
template <class Rows>
const Matrix& numbers(const Rows& rows, ProfileKind kind) {
  if (kind == ProfileKind::standardised) return rows.standardised;
  return kind == ProfileKind::ranked ? rows.ranked : rows.biweight;
}

}  // namespace

Eigen::Map<const Eigen::RowVectorXf> profile_row(const ExpressionCohort& cohort,
                                                 ProfileKind kind,
                                                 std::int64_t row) {
  if (cohort.tables == nullptr) {
    return {numbers(cohort, kind).row(row).data(), cohort.n_samples};
  }
  thread_local LookedUp<float> kept;
  return {kept.row(cohort, static_cast<int>(kind), row,
                   numbers(*cohort.tables, kind).row(row).data()),
          cohort.n_samples};
}

const std::uint8_t* flag_row(const ExpressionCohort& cohort, std::int64_t row) {
  if (cohort.tables == nullptr) return cohort.flags.row(row).data();
  thread_local LookedUp<std::uint8_t> kept;
  return kept.row(cohort, 0, row, cohort.tables->flags.row(row).data());
}

}  // namespace musl
