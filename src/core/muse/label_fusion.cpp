#include "muse/label_fusion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/numbers.h"
#include "musl/calibration.h"

namespace musl {

namespace {

/// Like kStackStrength, which would not shrink overconfident logits with few
/// validation pairs. Chosen on simulated interactions.
constexpr double kLabelStrength = 10.0;

/// The line from the scores of a column to log-odds of the labels: those of
/// networks that learned few pairs by heart are too sure.
struct Line {
  double slope = 1;
  double intercept = 0;
  double centre = 0;  // mean of the scores
};

Line line_of(const Matrix& x, Eigen::Index column,
             const std::vector<float>& y) {
  std::vector<double> score;
  for (Eigen::Index i = 0; i < x.rows(); ++i) score.push_back(x(i, column));
  const Calibration fitted = fit_label_line(score, y, 0.5);
  return {fitted.slope[0], fitted.intercept[0],
          x.col(column).cast<double>().mean()};
}

/// The mean, by `start`, of what scales say themselves: the only answer to
/// pairs of a kind with hardly any labels, whose scores lie elsewhere. A scale
/// that is too sure is brought on its line; one that is not sure enough of
/// other pairs need not be so of these.
void mean_of_scales(const std::vector<Line>& lines,
                    const std::vector<double>& start, std::size_t unseen,
                    StackWeights* out) {
  const double sum = std::accumulate(start.begin(), start.end(), 0.0);
  out->constant[unseen] = 0;
  for (std::size_t k = 0; k < start.size(); ++k) {
    const double share = start[k] / sum;
    const bool too_sure = lines[k].slope < 1;
    out->weight[unseen][k] = share * (too_sure ? lines[k].slope : 1.0);
    if (too_sure) out->constant[unseen] += share * lines[k].intercept;
  }
}

/// The same weights for scores on their lines.
std::vector<double> sober_start(const std::vector<Line>& lines,
                                const std::vector<double>& start) {
  const double sum = std::accumulate(start.begin(), start.end(), 0.0);
  std::vector<double> out;
  for (std::size_t k = 0; k < start.size(); ++k) {
    out.push_back(start[k] / sum / std::max(1.0, lines[k].slope));
  }
  return out;
}

/// What is known of the pairs with a number of unseen nodes.
struct ClassFacts {
  double n = 0;
  bool has_both = false;   // labels
  std::vector<double> sd;  // of the columns
};

ClassFacts facts_of(const Matrix& z, const std::vector<float>& y,
                    const std::vector<int>& n_unseen, int unseen) {
  double n = 0, ones = 0;
  Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(z.cols()), squares = sum;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (n_unseen[i] != unseen) continue;
    const Eigen::RowVectorXd row =
        z.row(static_cast<Eigen::Index>(i)).cast<double>();
    ++n;
    ones += y[i] > 0.5f ? 1 : 0;
    sum += row;
    squares += row.cwiseAbs2();
  }
  ClassFacts out;
  out.n = n;
  out.has_both = ones > 0 && ones < n;
  for (Eigen::Index k = 0; k < z.cols() && n > 0; ++k) {
    const double mean = sum[k] / n;
    out.sd.push_back(std::sqrt(std::max(0.0, squares[k] / n - mean * mean)));
  }
  return out;
}

/// Weights and constants of scores on their lines, for scores as they are.
void take_off_lines(const std::vector<Line>& lines, std::size_t unseen,
                    StackWeights* out) {
  for (std::size_t k = 0; k < lines.size(); ++k) {
    double& weight = out->weight[unseen][k];
    weight *= lines[k].slope;
    out->constant[unseen] -= weight * lines[k].centre;
  }
}

/// One Newton step of each label's level.
void move_levels(const LabelSample& sample, const Eigen::VectorXd& value,
                 Eigen::VectorXd* level) {
  constexpr double kRidge = 0.25;  // the information of an undecided pair
  Eigen::VectorXd slope = -kRidge * *level;
  Eigen::VectorXd curvature = Eigen::VectorXd::Constant(level->size(), kRidge);
  for (Eigen::Index i = 0; i < value.size(); ++i) {
    const auto c = sample.label[at(i)];
    const double p = sigmoid(value[i] + (*level)[c]);
    slope[c] += sample.y[i] - p;
    curvature[c] += p * (1 - p);
  }
  // Probabilities near 0 and 1 would make a step far too long.
  *level += slope.cwiseQuotient(curvature).cwiseMax(-1).cwiseMin(1);
}

/// One Newton step of a weight, which stays at or above 0.
double moved_weight(const LabelSample& sample, Eigen::Index k, double start,
                    const Eigen::VectorXd& value, const Eigen::VectorXd& level,
                    double weight) {
  const auto x = sample.x.col(k);
  const double variance =
      (x.array() - x.mean()).square().mean();  // the ridge is of scaled scores
  const double ridge = kLabelStrength * std::max(variance, 1e-12);
  double slope = -ridge * (weight - start), curvature = ridge;
  for (Eigen::Index i = 0; i < value.size(); ++i) {
    const auto c = sample.label[at(i)];
    const double p = sigmoid(value[i] + level[c]);
    slope += (sample.y[i] - p) * x[i];
    curvature += p * (1 - p) * x[i] * x[i];
  }
  return std::max(0.0, weight + std::clamp(slope / curvature, -1.0, 1.0));
}

}  // namespace

StackWeights fit_labels(const Matrix& x, const std::vector<float>& y,
                        const std::vector<int>& n_unseen,
                        const std::vector<double>& start, double usual) {
  std::vector<Line> lines;
  Matrix z(x.rows(), x.cols());
  for (Eigen::Index k = 0; k < x.cols(); ++k) {
    lines.push_back(line_of(x, k, y));
    z.col(k) = ((x.col(k).cast<double>().array() - lines.back().centre) *
                lines.back().slope)
                   .cast<float>();
  }
  std::array<ClassFacts, 3> facts;
  double most = 0;
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    facts[unseen] = facts_of(z, y, n_unseen, static_cast<int>(unseen));
    most = std::max(most, facts[unseen].n);
  }
  StackWeights from;
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    const ClassFacts& own = facts[unseen];
    from.weight[unseen] = own.n < most ? sober_start(lines, start) : start;
    if (!own.has_both) continue;
    for (std::size_t k = 0; k < start.size(); ++k) {
      from.weight[unseen][k] *= own.sd[k];  // of scaled columns
    }
  }
  StackWeights out = fit_stack(z, y, n_unseen, from, kLabelStrength);
  const auto is_judged = [](const ClassFacts& one) {
    return one.has_both && one.n >= kLeastLevelPairs;
  };
  const bool any = std::any_of(facts.begin(), facts.end(), is_judged);
  const Calibration all =
      fit_label_line(std::vector<double>(y.size(), 0), y, usual);
  for (std::size_t unseen = 0; unseen < 3; ++unseen) {
    if (any && !is_judged(facts[unseen])) {
      mean_of_scales(lines, start, unseen, &out);
      continue;
    }
    if (!facts[unseen].has_both) out.constant[unseen] = all.intercept[0];
    take_off_lines(lines, unseen, &out);
  }
  return out;
}

LabelSample sample_of(const Matrix& x, const Matrix& label,
                      const std::vector<int>& n_unseen, int unseen) {
  std::vector<Eigen::Index> rows;
  for (std::size_t i = 0; i < n_unseen.size(); ++i) {
    if (n_unseen[i] != unseen) continue;
    for (Eigen::Index c = 0; c < label.cols(); ++c) {
      rows.push_back(static_cast<Eigen::Index>(i) * label.cols() + c);
    }
  }
  const auto n = static_cast<Eigen::Index>(rows.size());
  LabelSample out{Eigen::MatrixXd(n, x.cols()), Eigen::VectorXd(n), {}};
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto row = rows[at(i)];
    out.x.row(i) = x.row(row).cast<double>();
    out.y[i] = label.data()[row];
    out.label.push_back(row % label.cols());
  }
  return out;
}

std::vector<double> fit_slopes(const LabelSample& sample, Eigen::Index n_labels,
                               const std::vector<double>& start) {
  constexpr int kSteps = 50;
  Eigen::VectorXd weight =
      Eigen::Map<const Eigen::VectorXd>(start.data(), sample.x.cols());
  Eigen::VectorXd level = Eigen::VectorXd::Zero(n_labels);
  for (int step = 0; step < kSteps; ++step) {
    move_levels(sample, sample.x * weight, &level);
    for (Eigen::Index k = 0; k < weight.size(); ++k) {
      weight[k] = moved_weight(sample, k, start[at(k)], sample.x * weight,
                               level, weight[k]);
    }
  }
  return {weight.data(), weight.data() + weight.size()};
}

std::vector<double> start_of_labels(const ScaleScores& scores, bool is_joint,
                                    const Matrix& x,
                                    const std::vector<float>& y) {
  const auto vote = [&](Eigen::Index k) {
    return std::clamp(line_of(x, k, y).slope, 0.0, 1.0);
  };
  std::vector<double> out{0, 0, 0};
  if (is_joint) {
    out[0] = vote(0);
  } else {
    out[1] = vote(1) / 2;
    out[2] = vote(2) / 2;
  }
  const bool both = scores.profile.size() > 0 && scores.node_mean.size() > 0;
  out.resize(at(x.cols()), both ? 0.5 : 1.0);
  return out;
}

}  // namespace musl
