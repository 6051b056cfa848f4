#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/numbers.h"
#include "learners/measured_scorer.h"

namespace musl {

namespace {

std::array<const UnitRows*, 3> annotation_rows(const GeneStore& known) {
  return {&known.part<Terms>().rows, &known.part<WideTerms>().rows,
          &known.part<Pathways>().rows};
}

}  // namespace

std::int64_t gene_places_width(const GeneStore& known) {
  std::int64_t width = 0;
  for (const UnitRows* rows : annotation_rows(known)) width += rows->width;
  return width;
}

Matrix gene_places(const GeneStore& known,
                   const std::vector<std::int32_t>& gene_of,
                   const PairSet& pairs) {
  const auto of = [&](std::int32_t gene) {
    return gene_of.empty() ? gene : gene_of[at(gene)];
  };
  Matrix out = Matrix::Zero(pairs.size(), gene_places_width(known));
  for (std::int64_t i = 0; i < pairs.size(); ++i) {
    float* row = out.row(i).data();
    for (const UnitRows* rows : annotation_rows(known)) {
      // A sum of two rows is the same in either order.
      rows->add_row(of(pairs.a[at(i)]), rows->unit_scale(), row);
      rows->add_row(of(pairs.b[at(i)]), rows->unit_scale(), row);
      row += rows->width;
    }
  }
  return out;
}

Eigen::Index count_raw(const std::vector<EvidenceColumn>& columns) {
  return std::count_if(
      columns.begin(), columns.end(),
      [](const EvidenceColumn& column) { return !column.evidence; });
}

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
  const auto tail = at(kTail * static_cast<double>(known.size()));
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
