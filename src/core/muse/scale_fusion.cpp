#include "muse/scale_fusion.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/numbers.h"
#include "muse/label_fusion.h"
#include "musl/calibration.h"
#include "musl/metrics.h"

namespace musl {

namespace {

constexpr int kSweeps = 200;

/// Weights of fused, structure, network and kernels, and of what says the usual
/// for the nodes: profiles and node means.
std::vector<double> start_of(const std::string& task, bool is_joint,
                             const ScaleScores& scores) {
  const std::size_t n_scales = scores.kernels.size() > 0 ? 3 : 2;
  const double share =
      task == "affinity" ? 1 / static_cast<double>(n_scales) : 1.0;
  std::vector<double> out(1 + n_scales, is_joint ? 0.0 : share);
  out[0] = is_joint ? 1 : 0;
  for (const auto* usual : {&scores.profile, &scores.node_mean}) {
    if (usual->size() > 0) out.push_back(0);
  }
  return out;
}

std::vector<const Matrix*> score_columns(const ScaleScores& scores) {
  std::vector<const Matrix*> out{&scores.fused, &scores.structure,
                                 &scores.network};
  for (const auto* more :
       {&scores.kernels, &scores.profile, &scores.node_mean, &scores.links}) {
    if (more->size() > 0) out.push_back(more);
  }
  return out;
}

/// Scores of all labels, stacked by rows, (n C, 3 or more).
Matrix flat_scores(const ScaleScores& scores) {
  const auto n = scores.network.size();
  const auto columns = score_columns(scores);
  Matrix out(n, static_cast<Eigen::Index>(columns.size()));
  for (Eigen::Index k = 0; k < out.cols(); ++k) {
    out.col(k) = Eigen::Map<const Eigen::VectorXf>(columns[at(k)]->data(), n);
  }
  return out;
}

/// Coordinate descent; column 0 of the sums is the constant.
void least_squares(const Matrix& x, const Matrix& y,
                   const std::vector<int>& n_unseen, int unseen,
                   StackWeights* out) {
  std::vector<double>& weight = out->weight[at(unseen)];
  double& constant = out->constant[at(unseen)];
  const std::vector<double> start = weight;
  std::vector<Eigen::Index> rows;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    if (n_unseen[at(i)] == unseen) rows.push_back(i);
  }
  if (rows.size() < 2) return;
  const auto residual = [&](Eigen::Index i) {
    double value = static_cast<double>(y(i, 0)) - constant;
    for (Eigen::Index k = 0; k < x.cols(); ++k) {
      value -= weight[at(k)] * x(i, k);
    }
    return value;
  };
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    double sum = 0;
    for (const auto i : rows) sum += residual(i);
    constant += sum / (static_cast<double>(rows.size()) + kFusionStrength);
    for (Eigen::Index k = 0; k < x.cols(); ++k) {
      double& own = weight[at(k)];
      double slope = kFusionStrength * (start[at(k)] - own);
      double curvature = kFusionStrength;
      for (const auto i : rows) {
        slope += residual(i) * x(i, k);
        curvature += static_cast<double>(x(i, k)) * x(i, k);
      }
      own = std::max(0.0, own + slope / curvature);
    }
  }
}

/// Of each label: every scale adds what it says beyond the usual share.
std::vector<double> usual_level(const std::vector<double>& weight,
                                const std::vector<float>& usual) {
  // Of fused, structure and network; node means are without the usual share.
  const double sum = weight[0] + weight[1] + weight[2];
  std::vector<double> out;
  out.reserve(usual.size());
  for (const float share : usual) {
    out.push_back((1 - sum) * share_log_odds(share));
  }
  return out;
}

ScaleFusion fit_several_labels(const ScaleScores& scores, bool is_joint,
                               const Matrix& x, const Matrix& label,
                               const std::vector<int>& n_unseen,
                               const std::vector<float>& usual) {
  const std::vector<float> y(label.data(), label.data() + label.size());
  const auto start = start_of_labels(scores, is_joint, x, y);
  ScaleFusion out;
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    const LabelSample sample =
        sample_of(x, label, n_unseen, static_cast<int>(unseen));
    const bool is_judged =
        sample.y.size() >=
        static_cast<Eigen::Index>(kLeastLevelPairs) * label.cols();
    auto& weight = out.weights.weight[unseen];
    weight = is_judged ? fit_slopes(sample, label.cols(), start)
                       : start_of("multilabel", is_joint, scores);
    out.level[unseen] = usual_level(weight, usual);
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
  const Matrix x = flat_scores(scores);
  const std::vector<double> start = start_of(task, is_joint, scores);
  ScaleFusion out;
  if (task == "affinity") {
    out.weights.weight.fill(start);
    for (int unseen = 0; unseen < 3; ++unseen) {
      least_squares(x, label, n_unseen, unseen, &out.weights);
    }
    return out;
  }
  if (task == "multilabel") {
    return fit_several_labels(scores, is_joint, x, label, n_unseen, usual);
  }
  const std::vector<float> y(label.data(), label.data() + label.size());
  out.weights = fit_labels(x, y, n_unseen, start, usual.front());
  return out;
}

bool weigh_links(const Matrix& links, const Matrix& fused, const Matrix& label,
                 const std::vector<float>& usual, ScaleFusion* fusion) {
  const auto quality = [&](const Matrix& probability) {
    return label_metrics(probability, label, kUsualThreshold).macro_auprc;
  };
  const bool alone = !(quality(links) < quality(fused));
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    auto& weight = fusion->weights.weight[unseen];
    if (alone) {
      std::fill(weight.begin(), weight.end(), 0.0);
      fusion->level[unseen] = usual_level(weight, usual);
    }
    weight.push_back(alone ? 1 : 0);
  }
  return alone;
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
  const double reached =
      label_metrics(probability, label, best_threshold(probability, label))
          .micro_f1;
  if (std::isnan(reached)) return frequent / 2;
  const auto n_known = std::count(n_unseen.begin(), n_unseen.end(), 0);
  const double known =
      static_cast<double>(n_known) / static_cast<double>(n_unseen.size());
  return (known * reached + (1 - known) * frequent) / 2;
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
