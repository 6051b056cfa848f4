#include "muse/scale_fusion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/numbers.h"
#include "musl/calibration.h"
#include "musl/metrics.h"

namespace musl {

namespace {

constexpr int kSweeps = 200;

/// Like kStackStrength, which would not shrink overconfident logits with few
/// validation pairs. Chosen on simulated interactions.
constexpr double kLabelStrength = 10.0;

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

/// fit_stack() from the sum, by `start`, of the columns' log-odds for the kind
/// of pairs that most are of, since the lines are theirs, and from the mean for
/// others.
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

/// Labels of the pairs with a number of unseen nodes, and the scales' scores.
struct LabelSample {
  Eigen::MatrixXd x;                // (n, K)
  Eigen::VectorXd y;                // (n)
  std::vector<Eigen::Index> label;  // (n) the number of each
};

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

/// Weights by logistic regression with a level for each label, which is not
/// kept: pairs of a validation part lie together, and how frequent a label is
/// there says nothing of other pairs.
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

/// As fit_fusion() says; profiles or node means alone have a whole vote.
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
