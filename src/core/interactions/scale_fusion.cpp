#include "interactions/scale_fusion.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace musl {

namespace {

constexpr int kSweeps = 200;

/// Like kStackStrength, which would not shrink overconfident logits with few
/// validation pairs. Chosen on simulated interactions.
constexpr double kLabelStrength = 10.0;

StackWeights start_of(const std::string& task, bool is_joint,
                      std::size_t n_scores, bool has_means) {
  const auto n_scales = static_cast<double>(n_scores - 1);
  const double share = task == "affinity" ? 1 / n_scales : 1.0;
  StackWeights out;
  for (auto& weight : out.weight) {
    weight.assign(n_scores, is_joint ? 0.0 : share);
    weight[0] = is_joint ? 1 : 0;
    if (has_means) weight.back() = 0;
  }
  return out;
}

std::vector<const Matrix*> score_columns(const ScaleScores& scores) {
  std::vector<const Matrix*> out{&scores.fused, &scores.structure,
                                 &scores.network};
  if (scores.kernels.size() > 0) out.push_back(&scores.kernels);
  if (scores.node_mean.size() > 0) out.push_back(&scores.node_mean);
  return out;
}

/// Scores of all labels, stacked by rows, (n C, 3 or more).
Matrix flat_scores(const ScaleScores& scores) {
  const auto n = scores.network.size();
  const auto columns = score_columns(scores);
  Matrix out(n, static_cast<Eigen::Index>(columns.size()));
  for (Eigen::Index k = 0; k < out.cols(); ++k) {
    out.col(k) = Eigen::Map<const Eigen::VectorXf>(
        columns[static_cast<std::size_t>(k)]->data(), n);
  }
  return out;
}

/// Coordinate descent; column 0 of the sums is the constant.
void least_squares(const Matrix& x, const Matrix& y,
                   const std::vector<int>& n_unseen, int unseen,
                   StackWeights* out) {
  std::vector<double>& weight = out->weight[static_cast<std::size_t>(unseen)];
  double& constant = out->constant[static_cast<std::size_t>(unseen)];
  const std::vector<double> start = weight;
  std::vector<Eigen::Index> rows;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    if (n_unseen[static_cast<std::size_t>(i)] == unseen) rows.push_back(i);
  }
  if (rows.size() < 2) return;
  const auto residual = [&](Eigen::Index i) {
    double value = static_cast<double>(y(i, 0)) - constant;
    for (Eigen::Index k = 0; k < x.cols(); ++k) {
      value -= weight[static_cast<std::size_t>(k)] * x(i, k);
    }
    return value;
  };
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    double sum = 0;
    for (const auto i : rows) sum += residual(i);
    constant += sum / (static_cast<double>(rows.size()) + kFusionStrength);
    for (Eigen::Index k = 0; k < x.cols(); ++k) {
      double& own = weight[static_cast<std::size_t>(k)];
      double slope =
          kFusionStrength * (start[static_cast<std::size_t>(k)] - own);
      double curvature = kFusionStrength;
      for (const auto i : rows) {
        slope += residual(i) * x(i, k);
        curvature += static_cast<double>(x(i, k)) * x(i, k);
      }
      own = std::max(0.0, own + slope / curvature);
    }
  }
}

}  // namespace

Matrix mean_evidence(const Matrix& label, const std::vector<float>& mean) {
  const auto log_odds = [](double p) {
    constexpr double kLeast = 1e-4;
    const double inside = std::min(std::max(p, kLeast), 1 - kLeast);
    return std::log(inside / (1 - inside));
  };
  Matrix out(label.rows(), label.cols());
  for (Eigen::Index c = 0; c < label.cols(); ++c) {
    const double usual = log_odds(mean[static_cast<std::size_t>(c)]);
    for (Eigen::Index i = 0; i < label.rows(); ++i) {
      out(i, c) = static_cast<float>(log_odds(label(i, c)) - usual);
    }
  }
  return out;
}

StackWeights fit_fusion(const std::string& task, bool is_joint,
                        const ScaleScores& scores, const Matrix& label,
                        const std::vector<int>& n_unseen) {
  const Matrix x = flat_scores(scores);
  StackWeights out =
      start_of(task, is_joint, static_cast<std::size_t>(x.cols()),
               scores.node_mean.size() > 0);
  if (task == "affinity") {
    for (int unseen = 0; unseen < 3; ++unseen) {
      least_squares(x, label, n_unseen, unseen, &out);
    }
    return out;
  }
  std::vector<float> y(label.data(), label.data() + label.size());
  std::vector<int> unseen;
  for (const int n : n_unseen) {
    for (Eigen::Index c = 0; c < label.cols(); ++c) unseen.push_back(n);
  }
  return fit_stack(x, y, unseen, out, kLabelStrength);
}

Matrix fuse(const StackWeights& weights, const ScaleScores& scores,
            const std::vector<int>& n_unseen) {
  const auto columns = score_columns(scores);
  Matrix out(scores.network.rows(), scores.network.cols());
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const auto unseen =
        static_cast<std::size_t>(n_unseen[static_cast<std::size_t>(i)]);
    const auto& weight = weights.weight[unseen];
    for (Eigen::Index c = 0; c < out.cols(); ++c) {
      double sum = 0;
      for (std::size_t k = 0; k < columns.size(); ++k) {
        sum += weight[k] * (*columns[k])(i, c);
      }
      out(i, c) = static_cast<float>(sum + weights.constant[unseen]);
    }
  }
  return out;
}

}  // namespace musl
