// One thread in Eigen, whatever flags the file is compiled with: sums must not
// depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "data/coexpression.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/linear_algebra.h"
#include "base/matrix.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "data/node_blocks.h"
#include "expression/profile.h"

namespace musl {

namespace {

constexpr int kOversampling = 16;
constexpr int kRounds = 6;
constexpr float kZeroSquare = 1e-6f;  // of the largest squared singular value
constexpr std::size_t kAlike = 10;    // known genes that place a new one
const char kCoexpression[] = "coexpression:";
const char kMarginalsPrefix[] = "marginals:";

/// Rows of a cohort's matrix at the genes they belong to.
NodeBlock gene_block(const std::string& name, const ExpressionCohort& cohort,
                     const Matrix& rows, std::int64_t n_genes) {
  NodeBlock block = empty_block(name, n_genes, rows.cols());
  if (rows.rows() == 0) return block;
  for (std::int64_t g = 0; g < n_genes; ++g) {
    const std::int32_t row = cohort.row_of_gene[at(g)];
    if (row < 0) continue;
    block.values.row(g) = rows.row(row);
    block.present[at(g)] = 1;
  }
  return block;
}

/// The row of a new gene, from the known genes that it correlates with.
void place_gene(const ExpressionCohort& cohort,
                const std::vector<std::int64_t>& placed, std::int64_t gene,
                NodeBlock* block) {
  const auto profile = [&](std::int64_t of) {
    return profile_row(cohort, ProfileKind::standardised,
                       cohort.row_of_gene[at(of)]);
  };
  const Eigen::RowVectorXf row = profile(gene);       // outlives the others
  std::vector<std::pair<float, std::int64_t>> alike;  // -correlation, gene
  alike.reserve(placed.size());
  for (const std::int64_t other : placed) {
    alike.emplace_back(-row.dot(profile(other)), other);
  }
  const std::size_t k = std::min(kAlike, alike.size());
  std::partial_sort(alike.begin(),
                    alike.begin() + static_cast<std::ptrdiff_t>(k),
                    alike.end());
  float total = 0;
  for (std::size_t i = 0; i < k && alike[i].first < 0; ++i) {
    block->values.row(gene) -=
        alike[i].first * block->values.row(alike[i].second);
    total -= alike[i].first;
  }
  if (total <= 0) return;
  block->values.row(gene) /= total;
  block->present[at(gene)] = 1;
}

NodeBlock known_block(const NodeBlock& known, const ExpressionCohort& cohort,
                      const std::vector<std::int32_t>& gene_of, int threads) {
  NodeBlock block = known_rows(known, gene_of);
  if (!has_profiles(cohort)) return block;
  std::vector<std::int64_t> placed, missing;
  for (std::int64_t g = 0; g < size_of(gene_of); ++g) {
    if (!cohort.has_gene(static_cast<std::int32_t>(g))) continue;
    (block.present[at(g)] != 0 ? placed : missing).push_back(g);
  }
  parallel_for(static_cast<std::int64_t>(missing.size()), threads,
               [&](std::int64_t i) {
                 place_gene(cohort, placed, missing[at(i)], &block);
               });
  return block;
}

/// Calls visit(first row, rows) for the standardised profiles of a cohort: all
/// at once, or some at a time if they are looked up.
template <class Visit>
void each_block(const ExpressionCohort& cohort, const Visit& visit) {
  constexpr Eigen::Index kBlockRows = 64;
  if (cohort.tables == nullptr) {
    visit(Eigen::Index{0}, cohort.standardised);
    return;
  }
  Matrix block;
  for (Eigen::Index first = 0; first < cohort.n_rows(); first += kBlockRows) {
    block.resize(std::min(kBlockRows, cohort.n_rows() - first),
                 cohort.n_samples);
    for (Eigen::Index i = 0; i < block.rows(); ++i) {
      block.row(i) = profile_row(cohort, ProfileKind::standardised, first + i);
    }
    visit(first, block);
  }
}

/// (R, width) the profiles times `right` (S, width).
template <class Right>
Eigen::MatrixXf times(const ExpressionCohort& cohort, const Right& right) {
  Eigen::MatrixXf out(cohort.n_rows(), right.cols());
  each_block(cohort, [&](Eigen::Index first, const Matrix& block) {
    out.middleRows(first, block.rows()).noalias() = block * right;
  });
  return out;
}

/// (S, width) the transposed profiles times `basis` (R, width).
Eigen::MatrixXf transposed_times(const ExpressionCohort& cohort,
                                 const Eigen::MatrixXf& basis) {
  Eigen::MatrixXf out = Eigen::MatrixXf::Zero(cohort.n_samples, basis.cols());
  each_block(cohort, [&](Eigen::Index first, const Matrix& block) {
    out.noalias() += block.transpose() * basis.middleRows(first, block.rows());
  });
  return out;
}

/// Of each cohort, one thread a cohort.
std::vector<Matrix> leading_axes(const std::vector<ExpressionCohort>& cohorts,
                                 int rank, std::uint64_t seed, int threads) {
  std::vector<Matrix> axes(cohorts.size());
  parallel_for(size_of(axes), threads, [&](std::int64_t i) {
    const auto number = static_cast<std::uint64_t>(i) + 1;
    axes[at(i)] =
        leading_left_vectors(cohorts[at(i)], rank, derive_seed(seed, number))
            .unaryExpr(&round_to_half);
  });
  return axes;
}

}  // namespace

Matrix leading_left_vectors(const ExpressionCohort& cohort, int rank,
                            std::uint64_t seed) {
  const Eigen::Index rows = cohort.n_rows(), columns = cohort.n_samples;
  Matrix out = Matrix::Zero(rows, rank);
  if (rows == 0 || columns == 0 || rank == 0) return out;
  const auto width = static_cast<int>(
      std::min<Eigen::Index>(rank + kOversampling, std::min(rows, columns)));
  Eigen::MatrixXf basis =
      orthonormal(times(cohort, random_matrix(columns, width, seed)));
  for (int round = 0; round < kRounds; ++round) {
    basis = orthonormal(times(cohort, transposed_times(cohort, basis)));
  }
  Eigen::MatrixXf small = Eigen::MatrixXf::Zero(width, columns);
  each_block(cohort, [&](Eigen::Index first, const Matrix& block) {
    small.noalias() +=
        basis.middleRows(first, block.rows()).transpose() * block;
  });
  const Eigen::MatrixXf gram = small * small.transpose();
  const auto [squares, vectors] = symmetric_eigen(gram);  // ascending
  const float scale = std::sqrt(static_cast<float>(rows));
  for (int k = 0; k < std::min(rank, width); ++k) {
    const Eigen::Index from = width - 1 - k;
    if (squares[from] <= kZeroSquare * squares[width - 1]) break;
    Eigen::VectorXf vector = basis * vectors.col(from);
    Eigen::Index largest = 0;
    vector.cwiseAbs().maxCoeff(&largest);
    out.col(k) = vector * (vector[largest] < 0 ? -scale : scale);
  }
  return out;
}

bool is_reference_block(const std::string& name) {
  return name == "spectral" || name.rfind(kCoexpression, 0) == 0;
}

void add_expression_blocks(const std::vector<ExpressionCohort>& cohorts,
                           int rank, const std::vector<NodeBlock>* known,
                           const std::vector<std::int32_t>& gene_of,
                           std::int64_t n_genes, std::uint64_t seed,
                           int threads, std::vector<NodeBlock>* blocks) {
  if (rank <= 0) return;
  std::vector<Matrix> axes;
  if (known == nullptr) axes = leading_axes(cohorts, rank, seed, threads);
  for (std::size_t i = 0; i < cohorts.size(); ++i) {
    const auto& cohort = cohorts[i];
    const std::string name = kCoexpression + cohort.name;
    if (known == nullptr) {
      blocks->push_back(gene_block(name, cohort, axes[i], n_genes));
    } else if (const auto* old = find_block(*known, name)) {
      blocks->push_back(known_block(*old, cohort, gene_of, threads));
    }
    blocks->push_back(gene_block(kMarginalsPrefix + cohort.name, cohort,
                                 cohort.marginals, n_genes));
  }
}

}  // namespace musl
