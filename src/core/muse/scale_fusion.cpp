#include "muse/scale_fusion.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/numbers.h"
#include "judge/calibration.h"
#include "judge/label_metrics.h"
#include "judge/stacking.h"

namespace musl {

namespace {

std::vector<const Matrix*> score_columns(const ScaleScores& scores) {
  std::vector<const Matrix*> out{&scores.fused, &scores.structure,
                                 &scores.network};
  for (const auto* more :
       {&scores.kernels, &scores.profile, &scores.node_mean, &scores.links}) {
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
/// 0. Returns the longest.
double improve(const Sample& sample, const Eigen::VectorXd& ridge, Sum* sum) {
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
  const Eigen::VectorXd up =
      slope.cwiseQuotient(curvature).cwiseMax(-longest).cwiseMin(longest);
  sum->level += up;
  double most = up.cwiseAbs().maxCoeff();
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
    most = std::max(most, std::abs(weight - before));
  }
  return most;
}

/// As fit_fusion() says.
Sum fit_sum(const Sample& sample, Eigen::Index n_labels) {
  constexpr int kSteps = 200;
  constexpr double kLeastStep = 1e-9;
  Sum out{sample.start, Eigen::VectorXd::Zero(n_labels)};
  const double undecided = sample.is_affinity ? 1 : 0.25;
  const Eigen::Index n_pairs = sample.y.size() / n_labels;
  const Eigen::VectorXd ridge =
      (sample.x.colwise().squaredNorm().transpose() *
       (kFusionStrength * undecided / static_cast<double>(n_pairs)))
          .cwiseMax(1e-12);
  for (int step = 0; step < kSteps; ++step) {
    if (improve(sample, ridge, &out) < kLeastStep) break;
  }
  return out;
}

Eigen::VectorXd flat(const Matrix& x) {
  return Eigen::Map<const Eigen::VectorXf>(x.data(), x.size()).cast<double>();
}

Sample sample_of(const Matrix& label, bool is_affinity,
                 const Eigen::VectorXd& start) {
  Sample out{Eigen::MatrixXd(label.size(), start.size()), flat(label),
             std::vector<Eigen::Index>(at(label.size())), is_affinity, start};
  for (Eigen::Index i = 0; i < label.size(); ++i) {
    out.label[at(i)] = i % label.cols();
  }
  return out;
}

bool has_both(const Matrix& label, Eigen::Index c) {
  return label.col(c).minCoeff() < label.col(c).maxCoeff();
}

/// The line through a scale's scores, less log-odds of the labels' shares.
Sum evidence_of(const Matrix& score, const Matrix& label) {
  Sample sample = sample_of(label, false, Eigen::VectorXd::Ones(1));
  sample.x.col(0) = flat(score);
  Sum line = fit_sum(sample, label.cols());
  for (Eigen::Index c = 0; c < label.cols(); ++c) {
    line.level[c] = has_both(label, c)
                        ? line.level[c] - share_log_odds(label.col(c).mean())
                        : -line.weight[0] * score.col(c).mean();
  }
  return line;
}

double known_share(const std::vector<int>& n_unseen) {
  return static_cast<double>(std::count(n_unseen.begin(), n_unseen.end(), 0)) /
         static_cast<double>(n_unseen.size());
}

/// Leaves `known` of what was learned, and else the start and usual shares.
void trust(double known, const Eigen::VectorXd& start, const Matrix& label,
           const std::vector<float>& usual, Sum* sum) {
  sum->weight = known * sum->weight + (1 - known) * start;
  for (Eigen::Index c = 0; c < label.cols(); ++c) {
    const double share = share_log_odds(usual[at(c)]);
    const double own = has_both(label, c) ? sum->level[c] : share;
    sum->level[c] = known * own + (1 - known) * share;
  }
}

/// The same for pairs with any number of unseen nodes.
ScaleFusion same_for_all(const std::vector<double>& weight,
                         const Eigen::VectorXd& level, bool has_several) {
  ScaleFusion out;
  out.weights.weight.fill(weight);
  if (has_several) {
    out.level.fill({level.data(), level.data() + level.size()});
  } else {
    out.weights.constant.fill(level[0]);
  }
  return out;
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
                       const std::vector<int>& n_unseen,
                       const std::vector<float>& usual) {
  const bool is_affinity = task == "affinity";
  const auto columns = score_columns(scores);
  const bool has_kernels = scores.kernels.size() > 0;
  auto read = learned_columns(is_joint, has_kernels);
  const auto n_learned = static_cast<Eigen::Index>(read.size());
  if (!is_affinity) read.push_back(has_kernels ? 4 : 3);
  const auto k = static_cast<Eigen::Index>(read.size());
  Eigen::VectorXd start = Eigen::VectorXd::Ones(k);
  start.head(n_learned).setConstant((is_affinity ? 1 : kLearnedStart) /
                                    static_cast<double>(n_learned));
  Sample sample = sample_of(label, is_affinity, start);
  std::vector<Sum> lines;
  for (Eigen::Index j = 0; j < k; ++j) {
    const Matrix& score = *columns[read[at(j)]];
    sample.x.col(j) = flat(score);
    if (is_affinity || j == n_learned) continue;
    lines.push_back(evidence_of(score, label));
    for (Eigen::Index i = 0; i < sample.x.rows(); ++i) {
      sample.x(i, j) = lines.back().weight[0] * sample.x(i, j) +
                       lines.back().level[sample.label[at(i)]];
    }
  }
  Sum sum = fit_sum(sample, label.cols());
  if (!is_affinity) trust(known_share(n_unseen), start, label, usual, &sum);
  std::vector<double> weight(columns.size(), 0.0);
  for (Eigen::Index j = 0; j < k; ++j) weight[read[at(j)]] = sum.weight[j];
  for (std::size_t j = 0; j < lines.size(); ++j) {
    sum.level += weight[read[j]] * lines[j].level;
    weight[read[j]] *= lines[j].weight[0];
  }
  return same_for_all(weight, sum.level, task == "multilabel");
}

ScaleFusion fusion_of_links(std::size_t n_scales,
                            const std::vector<float>& usual) {
  std::vector<double> weight(n_scales, 0.0);
  weight.back() = 1;
  Eigen::VectorXd level(size_of(usual));
  for (std::size_t c = 0; c < usual.size(); ++c) {
    level[static_cast<Eigen::Index>(c)] = share_log_odds(usual[c]);
  }
  return same_for_all(weight, level, true);
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
  const double known = known_share(n_unseen);
  return (known * (reached / 2 + best) + (1 - known) * frequent) / 2;
}

Matrix fuse(const ScaleFusion& fusion, const ScaleScores& scores,
            const std::vector<int>& n_unseen) {
  const StackWeights& weights = fusion.weights;
  const auto columns = score_columns(scores);
  Matrix out(scores.network.rows(), scores.network.cols());
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const auto unseen = at(n_unseen[at(i)]);
    const auto& weight = weights.weight[unseen];
    const auto& level = fusion.level[unseen];
    for (Eigen::Index c = 0; c < out.cols(); ++c) {
      double sum = 0;
      for (std::size_t k = 0; k < columns.size(); ++k) {
        sum += weight[k] * (*columns[k])(i, c);
      }
      if (!level.empty()) sum += level[at(c)];
      out(i, c) = static_cast<float>(sum + weights.constant[unseen]);
    }
  }
  return out;
}

}  // namespace musl
