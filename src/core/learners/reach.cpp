#include "learners/reach.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/numbers.h"

namespace musl {

namespace {

constexpr double kTail = .005;  // of the rows, on either side

bool is_level(const EvidenceColumn& column) {
  return !column.of_pair && !column.evidence &&
         (column.group == "fitness" || column.group == "expression");
}

constexpr float kNoLimit = std::numeric_limits<float>::infinity();

}  // namespace

std::pair<float, float> inner_range(const Matrix& x, Eigen::Index column) {
  std::vector<float> known;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    if (!std::isnan(x(i, column))) known.push_back(x(i, column));
  }
  if (known.empty()) return {-kNoLimit, kNoLimit};
  std::sort(known.begin(), known.end());
  const auto tail =
      static_cast<std::size_t>(kTail * static_cast<double>(known.size()));
  return {known[tail], known[known.size() - 1 - tail]};
}

Reach reach_of(const std::vector<EvidenceColumn>& columns, const Matrix& raw) {
  Reach out;
  for (Eigen::Index j = 0; j < raw.cols(); ++j) {
    const auto [lowest, highest] = is_level(columns[at(j)])
                                       ? inner_range(raw, j)
                                       : std::pair(-kNoLimit, kNoLimit);
    out.lowest.push_back(lowest);
    out.highest.push_back(highest);
  }
  return out;
}

void keep_within(const Reach& reach, Matrix* x) {
  const auto n = static_cast<Eigen::Index>(reach.lowest.size());
  for (Eigen::Index i = 0; i < x->rows(); ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      const auto column = at(j);
      float& value = (*x)(i, j);
      // Missing values stay.
      if (value < reach.lowest[column]) value = reach.lowest[column];
      if (value > reach.highest[column]) value = reach.highest[column];
    }
  }
}

}  // namespace musl
