// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include <algorithm>
#include <cmath>

#include "base/linear_algebra.h"
#include "expression/pair_sums.h"
#include "expression/profile.h"
#include "musl/atlas.h"
#include "musl/csr_graph.h"
#include "musl/preprocess.h"

namespace musl {

namespace {

constexpr Eigen::Index kAxes = 48;
constexpr Eigen::Index kWidest = 512;  // columns that axes are looked for in
constexpr std::uint64_t kProjectionSeed = 20240802;
constexpr int kSeenColumns = 2;
constexpr int kCohortColumns = 3;  // presence, Pearson, Spearman

/// (G, columns) marginals of a cohort and 1 where it has the gene.
Matrix cohort_columns(const ExpressionCohort& cohort, std::int64_t n_genes) {
  Matrix out = Matrix::Zero(n_genes, kMarginals + 1);
  for (std::int64_t g = 0; g < n_genes; ++g) {
    const auto row = cohort.row_of_gene[static_cast<std::size_t>(g)];
    if (row < 0) continue;
    out.row(g).head(kMarginals) = cohort.marginals.row(row);
    out(g, kMarginals) = 1;
  }
  return out;
}

/// Columns to mean 0 and, unless they are constant, sd 1.
void standardise(Matrix* x) {
  const auto n = static_cast<float>(x->rows());
  for (Eigen::Index c = 0; c < x->cols(); ++c) {
    auto column = x->col(c);
    column.array() -= column.sum() / n;
    const float sd = std::sqrt(column.squaredNorm() / n);
    if (sd > 1e-6f) column /= sd;
  }
}

/// x on its leading principal axes, at most kAxes.
Matrix leading_axes(const Matrix& x) {
  if (x.cols() <= kWidest) return on_principal_axes(x, kAxes);
  return on_principal_axes(
      x * random_matrix(x.cols(), kWidest, kProjectionSeed), kAxes);
}

}  // namespace

StudentFeatures::StudentFeatures(const Dataset& data,
                                 const KnownPartners& partners,
                                 const Matrix& gene_vectors)
    : data_(data), partners_(partners) {
  Matrix table = gene_vectors;
  for (const auto& cohort : data.cohorts) {
    append_columns(cohort_columns(cohort, data.n_genes), &table);
  }
  standardise(&table);
  axes_ = leading_axes(table);
}

int StudentFeatures::columns() const {
  return 3 * static_cast<int>(axes_.cols()) + kSeenColumns + partners_.width() +
         kCohortColumns * static_cast<int>(data_.cohorts.size()) +
         (data_.network.empty() ? 0 : kTopology);
}

void StudentFeatures::put_axes(std::int32_t a, std::int32_t b,
                               float* out) const {
  const auto n = axes_.cols();
  const float* x = axes_.row(a).data();
  const float* y = axes_.row(b).data();
  for (Eigen::Index k = 0; k < n; ++k) {
    out[k] = x[k] + y[k];
    out[n + k] = std::abs(x[k] - y[k]);
    out[2 * n + k] = x[k] * y[k];
  }
}

float* StudentFeatures::put_cohorts(std::int32_t a, std::int32_t b,
                                    float* out) const {
  for (const auto& cohort : data_.cohorts) {
    if (!cohort.has_pair(a, b)) {
      out = std::fill_n(out, kCohortColumns, 0.0f);
      continue;
    }
    const auto i = cohort.row_of_gene[static_cast<std::size_t>(a)];
    const auto j = cohort.row_of_gene[static_cast<std::size_t>(b)];
    *out++ = 1;
    for (const auto kind : {ProfileKind::standardised, ProfileKind::ranked}) {
      const auto x = profile_row(cohort, kind, i);
      const auto y = profile_row(cohort, kind, j);
      *out++ =
          static_cast<float>(pair_sums().dot(x.data(), y.data(), x.size()));
    }
  }
  return out;
}

void StudentFeatures::make(const PairSet& pairs, std::int64_t first,
                           std::int64_t n, float* out) const {
  float* const rows = out;
  PairSet some;
  for (std::int64_t i = first; i < first + n; ++i) {
    const auto [a, b] = std::minmax(pairs.a[static_cast<std::size_t>(i)],
                                    pairs.b[static_cast<std::size_t>(i)]);
    some.a.push_back(a);
    some.b.push_back(b);
  }
  const int width = partners_.width(), side = partners_.columns();
  std::vector<float> known(static_cast<std::size_t>(n * width));
  partners_.features(some, known.data());
  const float* from = known.data();
  for (std::size_t i = 0; i < some.a.size(); ++i, from += width) {
    const auto a = some.a[i], b = some.b[i];
    put_axes(a, b, out);
    out += 3 * axes_.cols();
    const float seen_a = partners_.seen(a) ? 1 : 0;
    const float seen_b = partners_.seen(b) ? 1 : 0;
    *out++ = seen_a + seen_b;
    *out++ = seen_a * seen_b;
    for (int k = 0; k < side; ++k) {
      *out++ = from[k] + from[side + k];
      *out++ = std::abs(from[k] - from[side + k]);
    }
    out = std::copy_n(from + std::ptrdiff_t{2} * side, kPartnerPaths, out);
    out = put_cohorts(a, b, out);
    if (!data_.network.empty()) out += kTopology;
  }
  if (data_.network.empty()) return;
  topology_rows(data_.network, pairs, first, n, columns(),
                rows + columns() - kTopology);
}

}  // namespace musl
