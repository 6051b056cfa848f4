#include "evidence/measured_columns.h"

#include <algorithm>
#include <limits>

namespace musl {

Eigen::Index count_raw(const std::vector<EvidenceColumn>& columns) {
  return std::count_if(
      columns.begin(), columns.end(),
      [](const EvidenceColumn& column) { return !column.evidence; });
}

Matrix raw_columns(const EvidenceStore& store, const Matrix& all) {
  return all.leftCols(count_raw(evidence_columns(store)));
}

Matrix linear_columns(const NormalScores& scores, const Matrix& raw,
                      const Matrix& scaled, int threads) {
  Matrix out(raw.rows(), raw.cols() + scaled.cols());
  out.leftCols(raw.cols()) = normal_scores(scores, raw, threads);
  out.rightCols(scaled.cols()) = scaled;
  return out;
}

ModelColumns::ModelColumns(const std::vector<EvidenceColumn>& columns,
                           const EvidenceStore& store)
    : columns_(columns), evidence_(store) {
  const auto known = evidence_.columns();
  same_ = known.size() == columns_.size();
  for (const auto& column : columns_) {
    const auto found = std::find_if(
        known.begin(), known.end(),
        [&](const EvidenceColumn& x) { return x.name == column.name; });
    const std::ptrdiff_t at = found - known.begin();
    same_ = same_ && at == static_cast<std::ptrdiff_t>(from_.size());
    from_.push_back(found == known.end() ? -1 : at);
  }
}

Matrix ModelColumns::of(const PairSet& pairs, int threads) const {
  Matrix all = evidence_.of(pairs, threads);
  if (same_) return all;
  Matrix out(all.rows(), static_cast<Eigen::Index>(from_.size()));
  for (std::size_t j = 0; j < from_.size(); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    if (from_[j] >= 0) {
      out.col(column) = all.col(from_[j]);
    } else {
      out.col(column).setConstant(
          columns_[j].evidence ? 0 : std::numeric_limits<float>::quiet_NaN());
    }
  }
  return out;
}

}  // namespace musl
