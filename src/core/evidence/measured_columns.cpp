#include "evidence/measured_columns.h"

#include <algorithm>

namespace musl {

Matrix raw_columns(const EvidenceStore& store, const Matrix& all) {
  const auto columns = evidence_columns(store);
  const auto n = std::count_if(
      columns.begin(), columns.end(),
      [](const EvidenceColumn& column) { return !column.evidence; });
  return all.leftCols(n);
}

Matrix linear_columns(const NormalScores& scores, const Matrix& raw,
                      const Matrix& scaled, int threads) {
  Matrix out(raw.rows(), raw.cols() + scaled.cols());
  out.leftCols(raw.cols()) = normal_scores(scores, raw, threads);
  out.rightCols(scaled.cols()) = scaled;
  return out;
}

}  // namespace musl
