#include "muse/scale_fusion.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/numbers.h"
#include "musl/calibration.h"
#include "musl/metrics.h"

namespace musl {

namespace {

std::vector<const Matrix*> score_columns(const ScaleScores& scores) {
  std::vector<const Matrix*> out{&scores.fused, &scores.structure,
                                 &scores.network};
  for (const auto* more : {&scores.kernels, &scores.counts, &scores.links}) {
    if (more->size() > 0) out.push_back(more);
  }
  return out;
}

/// The columns of scores that learn.
std::vector<std::size_t> learned_columns(bool is_joint, bool has_kernels) {
  std::vector<std::size_t> out{0};
  if (!is_joint) out = {1, 2};
  if (has_kernels) out.push_back(3);
  return out;
}

template <class T>
std::vector<T> column_of(const Matrix& x, Eigen::Index c) {
  std::vector<T> out;
  for (Eigen::Index i = 0; i < x.rows(); ++i) out.push_back(x(i, c));
  return out;
}

struct Line {
  double slope = 0;
  double intercept = 0;
};

/// From a scale's scores to what they say beyond the share of a label.
Line evidence_line(const std::vector<double>& score,
                   const std::vector<float>& label) {
  const auto n = static_cast<double>(label.size());
  const double share = std::accumulate(label.begin(), label.end(), 0.0) / n;
  if (!(share > 0 && share < 1)) {
    return {1, -std::accumulate(score.begin(), score.end(), 0.0) / n};
  }
  const Calibration line = fit_label_line(score, label, share);
  return {line.slope[0], line.intercept[0] - share_log_odds(share)};
}

/// What a sum of columns is to tell, and from where its weights start.
struct Sample {
  Eigen::MatrixXd x;                // (n, K)
  Eigen::VectorXd y;                // (n)
  std::vector<Eigen::Index> label;  // (n) the number of each
  bool is_affinity = false;
  Eigen::VectorXd start;  // (K)
};

struct Sum {
  Eigen::VectorXd weight, level;  // (K), (C)
};

/// One Newton step of the levels, then of each weight, which stays at or above
/// 0.
void improve(const Sample& sample, const Eigen::VectorXd& ridge, Sum* sum) {
  constexpr double kLevelRidge = 0.25;  // the information of an undecided pair
  // Probabilities near 0 and 1 would make a step far too long.
  const double longest = sample.is_affinity ? 1e9 : 1;
  Eigen::VectorXd value = sample.x * sum->weight;
  const auto told = [&](Eigen::Index i) {
    const double all = value[i] + sum->level[sample.label[at(i)]];
    return sample.is_affinity ? all : sigmoid(all);
  };
  const auto information = [&](double p) {
    return sample.is_affinity ? 1.0 : p * (1 - p);
  };
  Eigen::VectorXd slope = -kLevelRidge * sum->level;
  Eigen::VectorXd curvature =
      Eigen::VectorXd::Constant(slope.size(), kLevelRidge);
  for (Eigen::Index i = 0; i < value.size(); ++i) {
    const double p = told(i);
    slope[sample.label[at(i)]] += sample.y[i] - p;
    curvature[sample.label[at(i)]] += information(p);
  }
  sum->level +=
      slope.cwiseQuotient(curvature).cwiseMax(-longest).cwiseMin(longest);
  for (Eigen::Index k = 0; k < sum->weight.size(); ++k) {
    double& weight = sum->weight[k];
    double rise = ridge[k] * (sample.start[k] - weight), bend = ridge[k];
    for (Eigen::Index i = 0; i < value.size(); ++i) {
      const double p = told(i), x = sample.x(i, k);
      rise += (sample.y[i] - p) * x;
      bend += information(p) * x * x;
    }
    const double before = weight;
    weight = std::max(0.0, weight + std::clamp(rise / bend, -longest, longest));
    value += (weight - before) * sample.x.col(k);
  }
}

/// As fit_fusion() says.
Sum fit_sum(const Sample& sample, Eigen::Index n_labels) {
  constexpr int kSteps = 200;
  Sum out{sample.start, Eigen::VectorXd::Zero(n_labels)};
  const double undecided = sample.is_affinity ? 1 : 0.25;
  const auto n =
      static_cast<double>(std::max<Eigen::Index>(sample.y.size(), 1));
  const Eigen::VectorXd ridge = (sample.x.colwise().squaredNorm().transpose() *
                                 (kFusionStrength * undecided / n))
                                    .cwiseMax(1e-12);
  for (int step = 0; step < kSteps; ++step) improve(sample, ridge, &out);
  return out;
}

/// Affinities: the scales are the columns.
ScaleFusion fit_affinities(const std::vector<const Matrix*>& columns,
                           const std::vector<std::size_t>& learned,
                           const Matrix& label) {
  const auto k = static_cast<Eigen::Index>(learned.size());
  Sample sample{Eigen::MatrixXd(label.rows(), k), label.col(0).cast<double>(),
                std::vector<Eigen::Index>(at(label.rows()), 0), true,
                Eigen::VectorXd::Constant(k, 1 / static_cast<double>(k))};
  for (Eigen::Index j = 0; j < k; ++j) {
    sample.x.col(j) = columns[learned[at(j)]]->col(0).cast<double>();
  }
  const Sum sum = fit_sum(sample, 1);
  ScaleFusion out{{std::vector<double>(columns.size(), 0.0)}, {sum.level[0]}};
  for (Eigen::Index j = 0; j < k; ++j) {
    out.weight[0][learned[at(j)]] = sum.weight[j];
  }
  return out;
}

/// Labels: counts and the mean of what the scales that learn say are the
/// columns, the latter with lines (learned, C).
Sum fit_labels(const std::vector<const Matrix*>& columns,
               const std::vector<std::size_t>& learned,
               const std::vector<std::vector<Line>>& lines,
               const Matrix& counts, const Matrix& label) {
  Sample sample{Eigen::MatrixXd::Zero(label.size(), 2),
                Eigen::VectorXd(label.size()),
                {},
                false,
                Eigen::Vector2d(1, kLearnedStart)};
  for (Eigen::Index i = 0; i < label.rows(); ++i) {
    for (Eigen::Index c = 0; c < label.cols(); ++c) {
      const auto row = static_cast<Eigen::Index>(sample.label.size());
      sample.label.push_back(c);
      sample.y[row] = label(i, c);
      sample.x(row, 0) = counts(i, c);
      for (std::size_t j = 0; j < learned.size(); ++j) {
        const Line& line = lines[j][at(c)];
        sample.x(row, 1) +=
            (line.slope * (*columns[learned[j]])(i, c) + line.intercept) /
            static_cast<double>(learned.size());
      }
    }
  }
  return fit_sum(sample, label.cols());
}

}  // namespace

double share_log_odds(double share) {
  constexpr double kLeast = 1e-4;
  return logit(std::clamp(share, kLeast, 1 - kLeast));
}

Calibration fit_label_line(const std::vector<double>& score,
                           const std::vector<float>& label, double usual) {
  Calibration line =
      fit_calibration(score, label, std::vector<int>(score.size(), 0), 0.5);
  if (line.scores[0].sl.empty() || line.scores[0].non_sl.empty()) {
    line.intercept[0] = share_log_odds(usual);
  }
  return line;
}

Matrix mean_evidence(const Matrix& label, const std::vector<float>& mean) {
  Matrix out(label.rows(), label.cols());
  for (Eigen::Index c = 0; c < label.cols(); ++c) {
    const double usual = share_log_odds(mean[at(c)]);
    for (Eigen::Index i = 0; i < label.rows(); ++i) {
      out(i, c) = static_cast<float>(share_log_odds(label(i, c)) - usual);
    }
  }
  return out;
}

ScaleFusion fit_fusion(const std::string& task, bool is_joint,
                       const ScaleScores& scores, const Matrix& label,
                       const std::vector<float>& usual) {
  const auto columns = score_columns(scores);
  const bool has_kernels = scores.kernels.size() > 0;
  const auto learned = learned_columns(is_joint, has_kernels);
  if (task == "affinity") return fit_affinities(columns, learned, label);
  std::vector<std::vector<Line>> lines(learned.size());
  for (std::size_t j = 0; j < learned.size(); ++j) {
    for (Eigen::Index c = 0; c < label.cols(); ++c) {
      lines[j].push_back(
          evidence_line(column_of<double>(*columns[learned[j]], c),
                        column_of<float>(label, c)));
    }
  }
  const Sum sum = fit_labels(columns, learned, lines, scores.counts, label);
  const double vote = sum.weight[1] / static_cast<double>(learned.size());
  ScaleFusion out;
  for (std::size_t c = 0; c < usual.size(); ++c) {
    std::vector<double> weight(columns.size(), 0.0);
    weight[has_kernels ? 4 : 3] = sum.weight[0];
    double level = share_log_odds(usual[c]);
    for (std::size_t j = 0; j < learned.size(); ++j) {
      weight[learned[j]] = vote * lines[j][c].slope;
      level += vote * lines[j][c].intercept;
    }
    out.weight.push_back(std::move(weight));
    out.level.push_back(level);
  }
  return out;
}

ScaleFusion fusion_of_links(std::size_t n_scales,
                            const std::vector<float>& usual) {
  std::vector<double> weight(n_scales, 0.0);
  weight.back() = 1;
  ScaleFusion out;
  out.weight.assign(usual.size(), weight);
  for (const float share : usual) out.level.push_back(share_log_odds(share));
  return out;
}

double fused_threshold(const Matrix& probability, const Matrix& label,
                       const std::vector<int>& n_unseen,
                       const std::vector<float>& usual) {
  std::vector<float> share = usual;
  std::sort(share.rbegin(), share.rend());
  const double all = std::accumulate(share.begin(), share.end(), 0.0);
  double called = 0, right = 0, frequent = 0;
  for (const float one : share) {
    right += one;
    frequent = std::max(frequent, 2 * right / (++called + all));
  }
  const double best = best_threshold(probability, label);
  const double reached = label_metrics(probability, label, best).micro_f1;
  if (std::isnan(reached)) return frequent / 2;
  const auto n_known = std::count(n_unseen.begin(), n_unseen.end(), 0);
  const double known =
      static_cast<double>(n_known) / static_cast<double>(n_unseen.size());
  return (reached / 2 + known * best + (1 - known) * frequent / 2) / 2;
}

Matrix fuse(const ScaleFusion& fusion, const ScaleScores& scores) {
  const auto columns = score_columns(scores);
  Matrix out(scores.network.rows(), scores.network.cols());
  for (Eigen::Index c = 0; c < out.cols(); ++c) {
    const auto& weight = fusion.weight[at(c)];
    for (Eigen::Index i = 0; i < out.rows(); ++i) {
      double sum = fusion.level[at(c)];
      for (std::size_t k = 0; k < columns.size(); ++k) {
        sum += weight[k] * (*columns[k])(i, c);
      }
      out(i, c) = static_cast<float>(sum);
    }
  }
  return out;
}

}  // namespace musl
