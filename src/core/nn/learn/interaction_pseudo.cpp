#include "nn/learn/interaction_pseudo.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/numbers.h"
#include "nn/learn/pseudo_labels.h"

namespace musl::nn {

namespace {

const Matrix& scores_of(const ScaleScores& scores, InteractionScale scale) {
  return scale == InteractionScale::structure ? scores.structure
                                              : scores.network;
}

std::vector<double> doubles(const Matrix& x, Eigen::Index column) {
  std::vector<double> out;
  for (Eigen::Index i = 0; i < x.rows(); ++i) out.push_back(x(i, column));
  return out;
}

std::vector<float> floats(const Matrix& x, Eigen::Index column) {
  std::vector<float> out;
  for (Eigen::Index i = 0; i < x.rows(); ++i) out.push_back(x(i, column));
  return out;
}

void label_column(const InteractionConfig& config, const ControlConfig& control,
                  const InteractionData& data, const Matrix& pool,
                  const Matrix& valid, Eigen::Index c, PseudoPairs* out) {
  const auto known = floats(data.training.label, c);
  PseudoRules rules;
  rules.total = static_cast<double>(known.size());
  rules.n_positive = std::count(known.begin(), known.end(), 1.0f);
  const double share = static_cast<double>(rules.n_positive) / rules.total;
  rules.temperature =
      fit_temperature(doubles(valid, c), floats(data.validation.label, c));
  rules.confidence = control.em_confidence;
  if (config.task == "binary" && share > 0 && share < 1) {
    rules.shift = logit(control.em_prior) - logit(share);
  }
  const PseudoLabels found = pseudo_labels(doubles(pool, c), rules);
  for (std::size_t i = 0; i < found.weight.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    out->pairs.label(row, c) = found.probability[i];
    out->weight(row, c) = found.weight[i];
  }
}

/// The pairs that the scales differ on least.
void weigh_agreed(const ControlConfig& control, const ScaleScores& pool,
                  double total, PseudoPairs* out) {
  const auto n = out->weight.rows();
  std::vector<Eigen::Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  const auto gap = [&](Eigen::Index i) {
    return std::abs(pool.structure(i, 0) - pool.network(i, 0));
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](auto i, auto j) { return gap(i) < gap(j); });
  const auto kept = static_cast<std::size_t>(static_cast<double>(n) *
                                             (1 - control.em_confidence));
  for (std::size_t i = 0; i < kept; ++i) {
    out->weight(order[i], 0) =
        static_cast<float>(total / static_cast<double>(kept));
  }
}

/// Drops pairs whose labels all have weight 0.
PseudoPairs only_weighed(const PseudoPairs& all) {
  std::vector<Eigen::Index> rows;
  for (Eigen::Index i = 0; i < all.weight.rows(); ++i) {
    if (all.weight.row(i).sum() > 0) rows.push_back(i);
  }
  PseudoPairs out;
  const auto n = static_cast<Eigen::Index>(rows.size());
  out.weight.resize(n, all.weight.cols());
  out.pairs.label.resize(n, all.weight.cols());
  for (Eigen::Index k = 0; k < n; ++k) {
    const auto i = rows[static_cast<std::size_t>(k)];
    out.weight.row(k) = all.weight.row(i);
    out.pairs.label.row(k) = all.pairs.label.row(i);
    out.pairs.a.push_back(all.pairs.a[static_cast<std::size_t>(i)]);
    out.pairs.b.push_back(all.pairs.b[static_cast<std::size_t>(i)]);
  }
  return out;
}

}  // namespace

double PseudoPairs::share_positive() const {
  const double all = weight.cast<double>().sum();
  if (all <= 0) return 0;
  const auto positive = (pairs.label.array() > 0.5f).cast<double>();
  return (weight.cast<double>().array() * positive).sum() / all;
}

PseudoPairs pseudo_pairs(const InteractionConfig& config,
                         const ControlConfig& control,
                         const InteractionData& data,
                         const LabelledPairs& unlabelled,
                         const ScaleScores& pool, const ScaleScores& valid,
                         InteractionScale teacher) {
  const Matrix& said = scores_of(pool, teacher);
  PseudoPairs out;
  out.pairs = unlabelled;
  out.pairs.label = said;
  out.weight = Matrix::Zero(said.rows(), said.cols());
  if (config.task == "affinity") {
    weigh_agreed(control, pool, static_cast<double>(data.training.size()),
                 &out);
    return only_weighed(out);
  }
  for (Eigen::Index c = 0; c < said.cols(); ++c) {
    label_column(config, control, data, said, scores_of(valid, teacher), c,
                 &out);
  }
  return only_weighed(out);
}

}  // namespace musl::nn
