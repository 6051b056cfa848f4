// One thread in Eigen, whatever flags the file is compiled with: sums must not
// depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/linear_algebra.h"
#include "base/numbers.h"
#include "data/node_blocks.h"
#include "expression/profile.h"
#include "musl/matrix.h"
#include "musl/parallel.h"
#include "musl/rng.h"

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
  const auto n_genes = static_cast<std::int64_t>(gene_of.size());
  NodeBlock block = empty_block(known.name, n_genes, known.values.cols());
  std::vector<std::int64_t> placed, missing;
  for (std::int64_t g = 0; g < n_genes; ++g) {
    const std::int32_t from = gene_of[at(g)];
    const bool has_row = cohort.has_gene(static_cast<std::int32_t>(g));
    if (from >= 0 && known.present[at(from)] != 0) {
      block.values.row(g) = known.values.row(from);
      block.present[at(g)] = 1;
      if (has_row) placed.push_back(g);
    } else if (has_row) {
      missing.push_back(g);
    }
  }
  if (!has_profiles(cohort)) return block;
  parallel_for(static_cast<std::int64_t>(missing.size()), threads,
               [&](std::int64_t i) {
                 place_gene(cohort, placed, missing[at(i)], &block);
               });
  return block;
}

/// The rows of a matrix, at once.
class MatrixRows {
 public:
  explicit MatrixRows(const Matrix& x) : x_(x) {}
  [[nodiscard]] Eigen::Index rows() const { return x_.rows(); }
  [[nodiscard]] Eigen::Index cols() const { return x_.cols(); }
  template <class Visit>  // visit(first, rows)
  void each_block(const Visit& visit) const {
    visit(0, x_);
  }

 private:
  const Matrix& x_;
};

/// Standardised profiles that are looked up, some at a time.
class LookedUpRows {
 public:
  explicit LookedUpRows(const ExpressionCohort& cohort) : cohort_(cohort) {}
  [[nodiscard]] Eigen::Index rows() const { return cohort_.n_rows(); }
  [[nodiscard]] Eigen::Index cols() const { return cohort_.n_samples; }
  template <class Visit>
  void each_block(const Visit& visit) const {
    Matrix block;
    for (Eigen::Index first = 0; first < rows(); first += kBlockRows) {
      block.resize(std::min(kBlockRows, rows() - first), cols());
      for (Eigen::Index i = 0; i < block.rows(); ++i) {
        block.row(i) =
            profile_row(cohort_, ProfileKind::standardised, first + i);
      }
      visit(first, block);
    }
  }

 private:
  static constexpr Eigen::Index kBlockRows = 64;
  const ExpressionCohort& cohort_;
};

/// (R, width) the rows times `right` (S, width).
template <class Rows, class Right>
Eigen::MatrixXf times(const Rows& x, const Right& right) {
  Eigen::MatrixXf out(x.rows(), right.cols());
  x.each_block([&](Eigen::Index first, const Matrix& block) {
    out.middleRows(first, block.rows()).noalias() = block * right;
  });
  return out;
}

/// (S, width) the transposed rows times `basis` (R, width).
template <class Rows>
Eigen::MatrixXf transposed_times(const Rows& x, const Eigen::MatrixXf& basis) {
  Eigen::MatrixXf out = Eigen::MatrixXf::Zero(x.cols(), basis.cols());
  x.each_block([&](Eigen::Index first, const Matrix& block) {
    out.noalias() += block.transpose() * basis.middleRows(first, block.rows());
  });
  return out;
}

/// leading_left_vectors() of a matrix in blocks of rows.
template <class Rows>
Matrix leading_vectors(const Rows& x, int rank, std::uint64_t seed) {
  Matrix out = Matrix::Zero(x.rows(), rank);
  if (x.rows() == 0 || x.cols() == 0 || rank == 0) return out;
  const auto width = static_cast<int>(std::min<Eigen::Index>(
      rank + kOversampling, std::min(x.rows(), x.cols())));
  Eigen::MatrixXf basis =
      orthonormal(times(x, random_matrix(x.cols(), width, seed)));
  for (int round = 0; round < kRounds; ++round) {
    basis = orthonormal(times(x, transposed_times(x, basis)));
  }
  Eigen::MatrixXf small = Eigen::MatrixXf::Zero(width, x.cols());
  x.each_block([&](Eigen::Index first, const Matrix& block) {
    small.noalias() +=
        basis.middleRows(first, block.rows()).transpose() * block;
  });
  const Eigen::MatrixXf gram = small * small.transpose();
  const auto [squares, vectors] = symmetric_eigen(gram);  // ascending
  const float scale = std::sqrt(static_cast<float>(x.rows()));
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

/// Of each cohort, one thread a cohort.
std::vector<Matrix> leading_axes(const std::vector<ExpressionCohort>& cohorts,
                                 int rank, std::uint64_t seed, int threads) {
  std::vector<Matrix> axes(cohorts.size());
  parallel_for(static_cast<std::int64_t>(axes.size()), threads,
               [&](std::int64_t i) {
                 const auto number = static_cast<std::uint64_t>(i) + 1;
                 const auto& cohort = cohorts[at(i)];
                 const std::uint64_t own = derive_seed(seed, number);
                 const Matrix rows =
                     cohort.tables == nullptr
                         ? leading_left_vectors(cohort.standardised, rank, own)
                         : leading_vectors(LookedUpRows(cohort), rank, own);
                 axes[at(i)] = rows.unaryExpr(&round_to_half);
               });
  return axes;
}

}  // namespace

Matrix leading_left_vectors(const Matrix& x, int rank, std::uint64_t seed) {
  return leading_vectors(MatrixRows(x), rank, seed);
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
  const auto axes = known == nullptr
                        ? leading_axes(cohorts, rank, seed, threads)
                        : std::vector<Matrix>();
  for (std::size_t i = 0; i < cohorts.size(); ++i) {
    const auto& cohort = cohorts[i];
    const std::string name = kCoexpression + cohort.name;
    const NodeBlock* old =
        known == nullptr ? nullptr : find_block(*known, name);
    if (old != nullptr) {
      blocks->push_back(known_block(*old, cohort, gene_of, threads));
    } else if (known == nullptr) {
      blocks->push_back(gene_block(name, cohort, axes[i], n_genes));
    }
    blocks->push_back(gene_block(kMarginalsPrefix + cohort.name, cohort,
                                 cohort.marginals, n_genes));
  }
}

}  // namespace musl
