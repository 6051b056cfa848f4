#include "learners/model_columns.h"

#include <algorithm>

#include "base/numbers.h"

namespace musl {

Eigen::Index count_raw(const std::vector<EvidenceColumn>& columns) {
  return std::count_if(
      columns.begin(), columns.end(),
      [](const EvidenceColumn& column) { return !column.evidence; });
}

Matrix linear_columns(const NormalScores& scores, const Matrix& raw,
                      const Matrix& scaled, int threads) {
  Matrix out(raw.rows(), raw.cols() + scaled.cols());
  out.leftCols(raw.cols()) = normal_scores(scores, raw, threads);
  out.rightCols(scaled.cols()) = scaled;
  return out;
}

ModelColumns::ModelColumns(const std::vector<EvidenceColumn>& columns,
                           const GeneStore& store)
    : columns_(columns), evidence_(store) {
  const auto known = evidence_.columns();
  same_ = known.size() == columns_.size();
  for (const auto& column : columns_) {
    const auto* found = find_named(known, column.name);
    from_.push_back(found == nullptr ? -1 : found - known.data());
    same_ = same_ && from_.back() + 1 == size_of(from_);
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
      out.col(column).setConstant(columns_[j].evidence ? 0 : kFloatNaN);
    }
  }
  return out;
}

}  // namespace musl
