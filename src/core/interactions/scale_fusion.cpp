#include "interactions/scale_fusion.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace musl {

namespace {

constexpr int kScores = 3;
constexpr int kSweeps = 200;

StackWeights start_of(const std::string& task, bool is_joint) {
  const double share = task == "affinity" ? 0.5 : 1.0;
  StackWeights out;
  for (auto& weight : out.weight) {
    weight = is_joint ? std::vector<double>{1, 0, 0}
                      : std::vector<double>{0, share, share};
  }
  return out;
}

/// Scores of all labels below each other, (n C, 3).
Matrix flat_scores(const ScaleScores& scores) {
  const auto n = scores.network.size();
  Matrix out(n, kScores);
  const Matrix* columns[] = {&scores.fused, &scores.structure, &scores.network};
  for (Eigen::Index k = 0; k < kScores; ++k) {
    out.col(k) = Eigen::Map<const Eigen::VectorXf>(columns[k]->data(), n);
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
    for (int k = 0; k < kScores; ++k) {
      value -= weight[static_cast<std::size_t>(k)] * x(i, k);
    }
    return value;
  };
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    double sum = 0;
    for (const auto i : rows) sum += residual(i);
    constant += sum / (static_cast<double>(rows.size()) + kFusionStrength);
    for (int k = 0; k < kScores; ++k) {
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

StackWeights fit_fusion(const std::string& task, bool is_joint,
                        const ScaleScores& scores, const Matrix& label,
                        const std::vector<int>& n_unseen) {
  StackWeights out = start_of(task, is_joint);
  const Matrix x = flat_scores(scores);
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
  return fit_stack(x, y, unseen, out, kStackStrength);
}

Matrix fuse(const StackWeights& weights, const ScaleScores& scores,
            const std::vector<int>& n_unseen) {
  Matrix out(scores.network.rows(), scores.network.cols());
  for (Eigen::Index i = 0; i < out.rows(); ++i) {
    const auto unseen =
        static_cast<std::size_t>(n_unseen[static_cast<std::size_t>(i)]);
    const auto& w = weights.weight[unseen];
    for (Eigen::Index c = 0; c < out.cols(); ++c) {
      out(i, c) = static_cast<float>(
          w[0] * scores.fused(i, c) + w[1] * scores.structure(i, c) +
          w[2] * scores.network(i, c) + weights.constant[unseen]);
    }
  }
  return out;
}

}  // namespace musl
