#include "dependency/effect_sizes.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "base/numbers.h"
#include "base/parallel.h"
#include "dependency/rank_test.h"

namespace musl {

namespace {

using Dense = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr std::int64_t kGenesAtOnce = 64;
constexpr double kNormalQuantile = 1.959963984540054;  // of .975

struct Moments {
  double n = 0, sum = 0, squares = 0, below = 0;

  void add(double x, double limit) {
    ++n;
    sum += x;
    below += x < limit ? 1 : 0;
  }
  [[nodiscard]] double mean() const { return n > 0 ? sum / n : kNaN; }
  [[nodiscard]] double share() const { return n > 0 ? below / n : kNaN; }
};

/// What is left of values once a basis of the covariates is taken off.
class Projection {
 public:
  Projection(const Dense& covariates, const Vector& loss) {
    Eigen::ColPivHouseholderQR<Dense> qr(covariates);
    qr.setThreshold(1e-7);
    basis_ = qr.householderQ() * Dense::Identity(covariates.rows(), qr.rank());
    rest_ = loss - basis_ * (basis_.transpose() * loss);
    size_ = rest_.squaredNorm();
    df_ = static_cast<double>(covariates.rows() - qr.rank()) - 1;
    tells_ = df_ >= 1 && size_ > 1e-9 * std::max(loss.squaredNorm(), 1.0);
  }

  [[nodiscard]] AdjustedDifference of(const Vector& y, double floor) const {
    if (!tells_) return {kNaN, kNaN, kNaN};
    const double value = rest_.dot(y) / size_;
    const Vector left = y - basis_ * (basis_.transpose() * y) - value * rest_;
    const double variance = left.squaredNorm() / df_ + floor * floor;
    return {value, std::sqrt(variance / size_), df_};
  }

 private:
  Dense basis_;
  Vector rest_;
  double size_ = 0, df_ = 0;
  bool tells_ = false;
};

/// The lines of both groups.
std::vector<std::int64_t> lines_of(const std::vector<Group>& group) {
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < size_of(group); ++i) {
    if (group[at(i)] != kLeftOut) out.push_back(i);
  }
  return out;
}

/// A projection of the lines where a gene is known.
Projection projection_of(const std::vector<std::int64_t>& lines,
                         const std::vector<Group>& group,
                         const RMatrixView& covariates) {
  Dense x(size_of(lines), covariates.cols());
  Vector loss(size_of(lines));
  for (std::int64_t i = 0; i < size_of(lines); ++i) {
    const std::int64_t line = lines[at(i)];
    x.row(i) = covariates.row(line);
    loss[i] = group[at(line)] == kLoss ? 1 : 0;
  }
  return {x, loss};
}

/// Genes by which of `lines` they have values in.
std::map<std::vector<std::int64_t>, std::vector<std::int64_t>> genes_by_lines(
    const RMatrixView& values, const std::vector<std::int64_t>& lines) {
  std::map<std::vector<std::int64_t>, std::vector<std::int64_t>> out;
  for (Eigen::Index g = 0; g < values.rows(); ++g) {
    std::vector<std::int64_t> known;
    for (const std::int64_t line : lines) {
      if (!std::isnan(values(g, line))) known.push_back(line);
    }
    out[known].push_back(g);
  }
  return out;
}

}  // namespace

GroupMeans group_means(const double* row, std::int64_t n, const Group* group,
                       double limit, double floor) {
  Moments of[2];
  for (std::int64_t i = 0; i < n; ++i) {
    if (group[i] == kLeftOut || std::isnan(row[i])) continue;
    of[group[i] == kLoss ? 0 : 1].add(row[i], limit);
  }
  const double loss = of[0].mean(), rest = of[1].mean();
  for (std::int64_t i = 0; i < n; ++i) {
    if (group[i] == kLeftOut || std::isnan(row[i])) continue;
    const bool lost = group[i] == kLoss;
    const double off = row[i] - (lost ? loss : rest);
    of[lost ? 0 : 1].squares += off * off;
  }
  GroupMeans out{loss, rest, kNaN, kNaN, kNaN, of[0].share(), of[1].share()};
  if (of[0].n < 2 || of[1].n < 2) return out;
  const double df = of[0].n + of[1].n - 2;
  const double spread =
      std::sqrt((of[0].squares + of[1].squares) / df + floor * floor);
  if (!(spread > 0)) return out;
  out.hedges_g = (loss - rest) / spread * (1 - 3 / (4 * df - 1));
  const double error =
      std::sqrt(1 / of[0].n + 1 / of[1].n +
                out.hedges_g * out.hedges_g / (2 * (of[0].n + of[1].n)));
  out.g_lower = out.hedges_g - kNormalQuantile * error;
  out.g_upper = out.hedges_g + kNormalQuantile * error;
  return out;
}

std::vector<GroupMeans> group_means(
    const RMatrixView& values, const std::vector<std::vector<Group>>& groups,
    double limit, double floor, int threads) {
  const std::int64_t n_genes = values.rows();
  std::vector<GroupMeans> out(at(n_genes) * groups.size());
  parallel_blocks(n_genes, kGenesAtOnce, threads,
                  [&](std::int64_t first, std::int64_t last) {
                    // Columns are long: rows are read as a tile.
                    const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic,
                                        Eigen::RowMajor>
                        tile = values.middleRows(first, last - first);
                    for (std::size_t a = 0; a < groups.size(); ++a) {
                      for (std::int64_t g = first; g < last; ++g) {
                        out[a * at(n_genes) + at(g)] =
                            group_means(tile.row(g - first).data(), tile.cols(),
                                        groups[a].data(), limit, floor);
                      }
                    }
                  },
                  {});
  return out;
}

std::vector<AdjustedDifference> adjusted_differences(
    const RMatrixView& values, const std::vector<Group>& group,
    const RMatrixView& covariates, double floor, int threads) {
  std::vector<AdjustedDifference> out(at(values.rows()));
  // Genes of one library lack in the same lines.
  for (const auto& [lines, genes] : genes_by_lines(values, lines_of(group))) {
    const Projection projection = projection_of(lines, group, covariates);
    parallel_blocks(size_of(genes), kGenesAtOnce, threads,
                    [&, &known = lines, &some = genes](std::int64_t first,
                                                       std::int64_t last) {
                      for (std::int64_t i = first; i < last; ++i) {
                        const std::int64_t g = some[at(i)];
                        Vector y(size_of(known));
                        for (std::int64_t k = 0; k < size_of(known); ++k) {
                          y[k] = values(g, known[at(k)]);
                        }
                        out[at(g)] = projection.of(y, floor);
                      }
                    },
                    {});
  }
  return out;
}

}  // namespace musl
