#include "judge/stacking.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "judge/calibration.h"

namespace musl {

namespace {

constexpr int kMaxSweeps = 500;
constexpr double kLeastStep = 1e-9;
constexpr double kLeastSd = 1e-6;

/// The pairs of one class; column 0 of x is the constant.
struct ClassSample {
  std::vector<std::vector<double>> x;  // (1 + K) columns of n
  std::vector<double> y;               // 0/1
};

ClassSample take_class(const Matrix& logits, const std::vector<float>& label,
                       const std::vector<int>& n_unseen, int unseen) {
  ClassSample sample;
  sample.x.resize(static_cast<std::size_t>(logits.cols()) + 1);
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (n_unseen[i] != unseen) continue;
    const auto row = logits.row(static_cast<Eigen::Index>(i));
    if (!row.allFinite()) continue;
    sample.x[0].push_back(1);
    for (Eigen::Index k = 0; k < row.size(); ++k) {
      sample.x[static_cast<std::size_t>(k) + 1].push_back(row[k]);
    }
    sample.y.push_back(label[i] > 0.5f ? 1 : 0);
  }
  return sample;
}

/// Scales each logit of the sample to unit variance; returns the divisors, 1
/// for the constant and for constant logits.
std::vector<double> standardise(ClassSample* sample) {
  std::vector<double> scale{1.0};
  const auto n = static_cast<double>(sample->y.size());
  for (std::size_t k = 1; k < sample->x.size(); ++k) {
    auto& x = sample->x[k];
    const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
    double squares = 0;
    for (const double value : x) squares += (value - mean) * (value - mean);
    const double sd = std::sqrt(squares / n);
    scale.push_back(sd > kLeastSd ? sd : 1.0);
    for (double& value : x) value /= scale.back();
  }
  return scale;
}

bool has_both(const std::vector<double>& y) {
  return std::count(y.begin(), y.end(), 1.0) > 0 &&
         std::count(y.begin(), y.end(), 0.0) > 0;
}

/// One Newton step along column k, with weights kept >= 0; uses the largest
/// possible curvature of the logistic loss, so that every step is safe.
double step(const ClassSample& sample, std::size_t k, double start,
            double strength, std::vector<double>* value, double weight) {
  const auto& x = sample.x[k];
  double slope = strength * (weight - start), curvature = strength;
  for (std::size_t i = 0; i < x.size(); ++i) {
    slope += (sigmoid((*value)[i]) - sample.y[i]) * x[i];
    curvature += 0.25 * x[i] * x[i];
  }
  if (curvature <= 0) return weight;
  double next = weight - slope / curvature;
  if (k > 0) next = std::max(next, 0.0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    (*value)[i] += (next - weight) * x[i];
  }
  return next;
}

/// Weights for unscaled and for standardised logits.
struct ClassWeights {
  std::vector<double> plain, standardised;
  double constant = 0;
};

ClassWeights fit_class(ClassSample sample, const std::vector<double>& start,
                       double strength) {
  if (!has_both(sample.y)) return {start, start, 0};
  const auto scale = standardise(&sample);
  std::vector<double> weight{0.0};
  weight.insert(weight.end(), start.begin(), start.end());
  std::vector<double> value(sample.y.size(), 0.0);
  for (std::size_t k = 0; k < weight.size(); ++k) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      value[i] += weight[k] * sample.x[k][i];
    }
  }
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    double moved = 0;
    for (std::size_t k = 0; k < weight.size(); ++k) {
      const double to = k == 0 ? 0.0 : start[k - 1];
      const double next =
          step(sample, k, to, k == 0 ? 0.0 : strength, &value, weight[k]);
      moved = std::max(moved, std::abs(next - weight[k]));
      weight[k] = next;
    }
    if (moved < kLeastStep) break;
  }
  ClassWeights out;
  out.constant = weight[0];
  for (std::size_t k = 1; k < weight.size(); ++k) {
    out.standardised.push_back(weight[k]);
    out.plain.push_back(weight[k] / scale[k]);
  }
  return out;
}

}  // namespace

StackWeights default_weights(const std::vector<float>& fused,
                             double branch_weight) {
  StackWeights out;
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    auto& weight = out.weight[unseen];
    weight.push_back(1.0);
    for (const float is_fused : fused) {
      const double of_fused = unseen == 0 ? 0.0 : branch_weight;
      weight.push_back(is_fused > 0.5f ? of_fused : 1.0);
    }
  }
  return out;
}

void put_on_one_scale(const Calibration& lines, StackWeights* weights) {
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    const double slope = lines.slope[unseen];
    for (double& weight : weights->weight[unseen]) weight *= slope;
    double& constant = weights->constant[unseen];
    constant =
        slope * constant + lines.intercept[unseen] - logit(lines.prior[unseen]);
  }
}

StackWeights fit_stack(const Matrix& logits, const std::vector<float>& label,
                       const std::vector<int>& n_unseen,
                       const StackWeights& start, double strength) {
  StackWeights out;
  ClassWeights found;  // of the previous class
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    std::vector<double> from = start.weight[unseen];
    const auto sample =
        take_class(logits, label, n_unseen, static_cast<int>(unseen));
    // A branch that is useless with one seen gene is hardly better with none.
    if (unseen == 2 && has_both(sample.y)) {
      for (std::size_t k = 0; k < from.size(); ++k) {
        from[k] = (from[k] + found.standardised[k]) / 2;
      }
    }
    found = fit_class(sample, from, strength);
    out.weight[unseen] = found.plain;
    out.constant[unseen] = found.constant;
  }
  return out;
}

}  // namespace musl
