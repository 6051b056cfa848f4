#include "muse/kernel_scale.h"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/numbers.h"
#include "judge/calibration.h"
#include "muse/label_graph.h"
#include "muse/node_kernel.h"
#include "muse/scale_fusion.h"
#include "muse/unlabelled_pairs.h"

namespace musl {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Chosen on Davis by predicting fold 1 from folds 2 to 5 (bench/RESULTS.md).
constexpr double kOwnSharpness = 2.0;
constexpr double kRowSharpness = 1.0;
constexpr double kRowWeight = 2.0;
constexpr double kSelf = 0.3;  // added similarity of a node to itself
constexpr double kTolerance = 0.01;
constexpr int kRounds = 5;
constexpr std::array<double, 3> kRidges{0.03, 0.1, 0.3};

using Flags = Eigen::Array<bool, Eigen::Dynamic, 1>;

struct GridMeans {
  double mean = 0;
  VectorXd row, column;       // shrunk differences, 0 if unknown
  Flags has_row, has_column;  // any known value
};

GridMeans grid_means(const GridValues& known, Eigen::Index rows,
                     Eigen::Index columns) {
  const double mean = known.value.mean();
  VectorXd row = VectorXd::Zero(rows), column = VectorXd::Zero(columns);
  VectorXd n_row = row, n_column = column;
  for (std::size_t i = 0; i < known.row.size(); ++i) {
    row[known.row[i]] += known.value[static_cast<Eigen::Index>(i)] - mean;
    ++n_row[known.row[i]];
    ++n_column[known.column[i]];
  }
  row.array() /= n_row.array() + kShrink;
  for (std::size_t i = 0; i < known.row.size(); ++i) {
    column[known.column[i]] +=
        known.value[static_cast<Eigen::Index>(i)] - mean - row[known.row[i]];
  }
  column.array() /= n_column.array() + kShrink;
  return {mean, row, column, n_row.array() > 0, n_column.array() > 0};
}

MatrixXd with_self(MatrixXd kernel, double weight) {
  kernel.diagonal().array() += kSelf;
  return kernel / (weight + kSelf);
}

MatrixXd with_rows(const MatrixXd& own, const MatrixXd& rows, int threads) {
  return with_self(
      own + kRowWeight *
                radial_kernel(squared_distances(rows, threads), kRowSharpness),
      1 + kRowWeight);
}

/// Known values less the mean and, if asked, the differences of row and column.
GridValues without(GridValues known, const GridMeans& means, bool less_row,
                   bool less_column) {
  for (Eigen::Index i = 0; i < known.value.size(); ++i) {
    const double row = less_row ? means.row[known.row[at(i)]] : 0;
    const double column = less_column ? means.column[known.column[at(i)]] : 0;
    known.value[i] -= row + column + means.mean;
  }
  return known;
}

/// (R, C)
MatrixXd base_of(const GridMeans& means) {
  const auto rows = means.row.size(), columns = means.column.size();
  return means.row.replicate(1, columns) +
         means.column.transpose().replicate(rows, 1) +
         MatrixXd::Constant(rows, columns, means.mean);
}

/// Copies the rows and columns for which has_row and has_column are as asked.
void copy_where(const MatrixXd& from, const GridMeans& means, bool has_row,
                bool has_column, MatrixXd* to) {
  for (Eigen::Index j = 0; j < from.cols(); ++j) {
    if (means.has_column[j] != has_column) continue;
    for (Eigen::Index i = 0; i < from.rows(); ++i) {
      if (means.has_row[i] == has_row) (*to)(i, j) = from(i, j);
    }
  }
}

/// The rounds, one after the other.
class Filling {
 public:
  Filling(const std::array<MatrixXd, 2>& own, const GridValues& known,
          const KernelRidgeOptions& options)
      : own_(own),
        options_(options),
        means_(grid_means(known, own[0].rows(), own[1].rows())),
        known_(known),
        rest_(without(known, means_, true, true)),
        alone_{with_self(own[0], 1), with_self(own[1], 1)},
        kernel_(alone_),
        found_(MatrixXd::Zero(own[0].rows(), own[1].rows())) {}

  Matrix next() {
    if (!is_first_) compare_rows();
    for (const bool has_row : {true, false}) {
      for (const bool has_column : {true, false}) learn(has_row, has_column);
    }
    is_first_ = false;
    return (base_of(means_) + found_).cast<float>();
  }

 private:
  void compare_rows() {
    MatrixXd filled = found_;
    for (Eigen::Index i = 0; i < rest_.value.size(); ++i) {
      filled(rest_.row[at(i)], rest_.column[at(i)]) = rest_.value[i];
    }
    kernel_[0] = with_rows(own_[0], filled, options_.threads);
    kernel_[1] = with_rows(own_[1], filled.transpose(), options_.threads);
  }

  /// Learns the pairs whose nodes have known values, or have none. The mean of
  /// a node without values is not known but learned from other nodes: their
  /// differences stay in the targets.
  void learn(bool has_row, bool has_column) {
    if (!(means_.has_row == has_row).any() ||
        !(means_.has_column == has_column).any()) {
      return;
    }
    const bool alone = !has_row && !has_column;
    if (alone && !is_first_) return;  // no row to compare: as in the first
    const MatrixXd& first = has_row ? kernel_[0] : alone_[0];
    const MatrixXd& second = has_column ? kernel_[1] : alone_[1];
    auto& own = coefficient_[at(2 * has_row + has_column)];
    own = kernel_ridge(first, second,
                       without(known_, means_, has_row, has_column), options_,
                       own);
    copy_where(kernel_product(first, own, second, options_.threads), means_,
               has_row, has_column, &found_);
  }

  const std::array<MatrixXd, 2>& own_;
  KernelRidgeOptions options_;
  GridMeans means_;
  const GridValues& known_;
  GridValues rest_;
  std::array<MatrixXd, 2> alone_, kernel_;
  std::array<MatrixXd, 4> coefficient_;
  MatrixXd found_;  // (R, C) less the means
  bool is_first_ = true;
};

/// Of one type, each pair in both orders.
GridValues grid_of(const LabelledPairs& pairs,
                   const std::vector<NodeSet>& nodes) {
  const auto n_first = static_cast<std::int32_t>(nodes[0].size());
  GridValues out;
  out.row = pairs.a;
  out.column = pairs.b;
  out.value = pairs.label.col(0).cast<double>();
  if (nodes.size() == 2) {
    for (auto& column : out.column) column -= n_first;
    return out;
  }
  out.row.insert(out.row.end(), pairs.b.begin(), pairs.b.end());
  out.column.insert(out.column.end(), pairs.a.begin(), pairs.a.end());
  out.value = out.value.replicate(2, 1).eval();
  return out;
}

/// Both by mean and sd of the first, unless its labels are all the same.
void standardise(Matrix* training, Matrix* validation) {
  const auto y = training->cast<double>();
  const double mean = y.mean();
  const double sd = std::sqrt((y.array() - mean).square().mean());
  for (auto* part : {training, validation}) {
    part->array() -= static_cast<float>(mean);
    if (sd > 0) part->array() /= static_cast<float>(sd);
  }
}

/// By the line through the scores of the validation pairs, which never falls.
void to_log_odds(const LabelledPairs& validation, double usual,
                 KernelFit* fit) {
  const std::vector<double> score(
      fit->validation.data(), fit->validation.data() + fit->validation.size());
  const std::vector<float> label(
      validation.label.data(),
      validation.label.data() + validation.label.size());
  const Calibration line = fit_label_line(score, label, usual);
  for (auto* part : {&fit->validation, &fit->score}) {
    part->array() *= static_cast<float>(line.slope[0]);
    part->array() += static_cast<float>(line.intercept[0]);
  }
}

}  // namespace

bool has_kernels(const InteractionConfig& config, const InteractionData& data) {
  const bool is_binary = config.task == "binary";
  const bool is_affinity = config.task == "affinity" && data.nodes.size() == 2;
  if (!config.kernels || !(is_binary || is_affinity)) return false;
  for (const auto& block : data.nodes) {
    if (block.size() < 2 || block.size() > kMostKernelNodes) return false;
  }
  const auto n = static_cast<double>(data.nodes.front().size());
  const auto m = static_cast<double>(data.nodes.back().size());
  return is_affinity || n * m * (n + m) <= kMostKernelProducts;
}

KernelScale::KernelScale(const MatrixXd& first, const MatrixXd& second,
                         int threads, std::function<bool()> tick)
    : own_{radial_kernel(first, kOwnSharpness),
           radial_kernel(second, kOwnSharpness)},
      threads_(threads),
      tick_(std::move(tick)) {}

std::vector<Matrix> KernelScale::rounds(const GridValues& known, double ridge,
                                        int n) const {
  KernelRidgeOptions options;
  options.ridge = ridge;
  options.tolerance = kTolerance;
  options.threads = threads_;
  options.tick = tick_;
  Filling filling(own_, known, options);
  std::vector<Matrix> out;
  out.reserve(at(n));
  for (int round = 0; round < n; ++round) out.push_back(filling.next());
  return out;
}

KernelFit fit_kernels(const std::vector<NodeSet>& nodes,
                      const LabelledPairs& training,
                      const LabelledPairs& validation, bool is_binary,
                      int threads, const std::function<bool()>& tick) {
  LabelledPairs learned = training, chosen_on = validation;
  if (is_binary) standardise(&learned.label, &chosen_on.label);
  const KernelScale scale(node_distances(nodes.front(), threads),
                          node_distances(nodes.back(), threads), threads, tick);
  const GridValues known = grid_of(learned, nodes);
  KernelFit out;
  double least = std::numeric_limits<double>::infinity();
  for (const double ridge : kRidges) {
    const auto found = scale.rounds(known, ridge, kRounds);
    for (std::size_t round = 0; round < found.size(); ++round) {
      Matrix scores = kernel_scores(found[round], validation);
      const double error =
          (scores - chosen_on.label).cast<double>().squaredNorm();
      if (!(error < least)) continue;
      least = error;
      out.validation = std::move(scores);
      out.ridge = ridge;
      out.rounds = static_cast<int>(round) + 1;
    }
  }
  const GridValues all = grid_of(both_parts(learned, chosen_on), nodes);
  out.score = scale.rounds(all, out.ridge, out.rounds).back();
  if (nodes.size() == 1) {
    out.score = ((out.score + out.score.transpose()) / 2).eval();
  }
  if (is_binary) {
    to_log_odds(validation, training.label.cast<double>().mean(), &out);
  }
  return out;
}

Matrix kernel_scores(const Matrix& score, const LabelledPairs& pairs) {
  Matrix out(pairs.size(), 1);
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    // Nodes of a second type are numbered after those of the first.
    const Eigen::Index b = pairs.b[at(i)];
    out(i, 0) = score(pairs.a[at(i)], b < score.rows() ? b : b - score.rows());
  }
  return out;
}

}  // namespace musl
