// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "evidence/expression_evidence.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "base/symmetric_eigen.h"
#include "musl/assay.h"
#include "musl/error.h"
#include "musl/parallel.h"

namespace musl {

namespace {

constexpr std::int64_t kDenseRows = 1024;  // rows that are dense at a time
constexpr Eigen::Index kMostAxes = 128;    // columns that a profile keeps
constexpr Eigen::Index kColumnBlock = 128;

/// Fills one gene's mean, sd and standardised row.
void describe(std::vector<double>* values, bool linear, std::int32_t gene,
              ExpressionEvidence* out, Matrix* rows) {
  auto& x = *values;
  if (linear) {
    for (double& v : x) v = std::log2(std::max(v, 0.0) + 1);
  }
  const auto n = static_cast<double>(x.size());
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
  double squares = 0;
  for (double& v : x) {
    v -= mean;
    squares += v * v;
  }
  if (!std::isfinite(squares)) {
    throw InputError("Expression must be finite; source \"" + out->name +
                     "\" has another value.");
  }
  out->mean[at(gene)] = static_cast<float>(mean);
  out->sd[at(gene)] = static_cast<float>(std::sqrt(squares / n));
  const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
  for (std::size_t s = 0; s < x.size(); ++s) {
    (*rows)(gene, static_cast<Eigen::Index>(s)) =
        static_cast<float>(x[s] * scale);
  }
}

/// (S, S) the lower triangle of the products of the columns of rows (n, S), in
/// blocks that are computed in parallel.
Eigen::MatrixXf column_products(const Matrix& rows, int threads) {
  const Eigen::Index n = rows.cols();
  std::vector<std::pair<Eigen::Index, Eigen::Index>> blocks;
  for (Eigen::Index i = 0; i < n; i += kColumnBlock) {
    for (Eigen::Index j = 0; j <= i; j += kColumnBlock) {
      blocks.emplace_back(i, j);
    }
  }
  Eigen::MatrixXf out = Eigen::MatrixXf::Zero(n, n);
  parallel_for(
      static_cast<std::int64_t>(blocks.size()), threads, [&](std::int64_t b) {
        const auto [i, j] = blocks[at(b)];
        const auto height = std::min(kColumnBlock, n - i);
        const auto width = std::min(kColumnBlock, n - j);
        out.block(i, j, height, width).noalias() =
            rows.middleCols(i, height).transpose() * rows.middleCols(j, width);
      });
  return out;
}

/// Rows on the leading axes of the samples, if there are many samples.
Matrix on_leading_axes(Matrix rows, int threads) {
  if (rows.cols() <= kMostAxes) return rows;
  const Eigen::MatrixXf axes = symmetric_eigen(column_products(rows, threads))
                                   .vectors.rightCols(kMostAxes);
  Matrix out(rows.rows(), kMostAxes);
  const Eigen::Index n_blocks = (rows.rows() + kDenseRows - 1) / kDenseRows;
  parallel_for(n_blocks, threads, [&](std::int64_t b) {
    const Eigen::Index first = b * kDenseRows;
    const auto n = std::min<Eigen::Index>(kDenseRows, rows.rows() - first);
    out.middleRows(first, n).noalias() = rows.middleRows(first, n) * axes;
  });
  return out;
}

}  // namespace

ExpressionEvidence make_expression_evidence(const ExpressionInput& input,
                                            std::int64_t n_genes, int threads) {
  const AssayView& assay = input.assays.at(0);
  ExpressionEvidence out;
  out.name = input.name;
  out.mean.assign(at(n_genes), kFloatNaN);
  out.sd.assign(at(n_genes), kFloatNaN);
  Matrix rows = Matrix::Zero(n_genes, assay.cols());
  AssayReader reader(assay);
  for (std::int64_t first = 0; first < assay.rows(); first += kDenseRows) {
    const std::int64_t n = std::min(kDenseRows, assay.rows() - first);
    reader.load(first, n);
    parallel_for(n, threads, [&](std::int64_t i) {
      const std::int32_t gene = input.gene_of_row[at(first + i)];
      if (gene < 0 || gene >= n_genes) return;
      std::vector<double> values(at(assay.cols()));
      reader.copy_row(first + i, values.data());
      describe(&values, input.linear, gene, &out, &rows);
    });
  }
  out.profile = make_unit_rows(on_leading_axes(std::move(rows), threads));
  return out;
}

std::vector<float> percentiles(const std::vector<float>& values) {
  std::vector<float> sorted;
  for (const float v : values) {
    if (!std::isnan(v)) sorted.push_back(v);
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<float> out(values.size(), kFloatNaN);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const auto range =
        std::equal_range(sorted.begin(), sorted.end(), values[i]);
    const auto below = static_cast<double>(range.first - sorted.begin());
    const auto upto = static_cast<double>(range.second - sorted.begin());
    out[i] = static_cast<float>((below + upto) / 2 /
                                static_cast<double>(sorted.size()));
  }
  return out;
}

ExpressionLevels expression_levels(const EvidenceStore& store) {
  ExpressionLevels out;
  for (const auto& source : store.sources) {
    out.each.push_back(percentiles(source.mean));
  }
  for (const auto& column : store.genes) {
    if (column.role != "expression") continue;
    out.each.push_back(percentiles(column.value));
  }
  out.mean.assign(at(store.n_genes), kFloatNaN);
  out.lowest = out.mean;
  for (std::size_t g = 0; g < out.mean.size(); ++g) {
    float sum = 0, n = 0;
    for (const auto& level : out.each) {
      if (std::isnan(level[g])) continue;
      sum += level[g];
      ++n;
      out.lowest[g] = std::fmin(out.lowest[g], level[g]);
    }
    if (n > 0) out.mean[g] = sum / n;
  }
  return out;
}

}  // namespace musl
