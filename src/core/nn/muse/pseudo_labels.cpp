#include "nn/muse/pseudo_labels.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/numbers.h"

namespace musl::nn {

namespace {

constexpr std::size_t kFewest = 20;  // to fit a temperature on
constexpr double kNegatives = 3;     // times the weight of positives, at most
constexpr double kAgreed = 0.5;      // share of affinities that count

double cross_entropy(const std::vector<double>& logit,
                     const std::vector<float>& label, double temperature) {
  double sum = 0;
  for (std::size_t i = 0; i < logit.size(); ++i) {
    if (std::isnan(logit[i])) continue;
    const double z = (label[i] > 0.5f ? 1 : -1) * logit[i] / temperature;
    sum += z > 0 ? std::log1p(std::exp(-z)) : -z + std::log1p(std::exp(z));
  }
  return sum;
}

/// Sets the weights of the least confident of a class to 0 once the weights
/// before them sum to `most`.
void cap(const std::vector<std::int64_t>& by_weight, bool positive, double most,
         PseudoLabels* out) {
  double sum = 0;
  for (const auto i : by_weight) {
    const auto k = at(i);
    if ((out->probability[k] > 0.5f) != positive) continue;
    sum += out->weight[k];
    if (sum > most) out->weight[k] = 0;
  }
}

/// The most confident of either class, up to its cap.
void cap_classes(const PseudoRules& rules, PseudoLabels* labels) {
  std::vector<std::int64_t> by_weight(labels->weight.size());
  std::iota(by_weight.begin(), by_weight.end(), std::int64_t{0});
  std::stable_sort(by_weight.begin(), by_weight.end(),
                   [&](std::int64_t i, std::int64_t j) {
                     return labels->weight[at(i)] > labels->weight[at(j)];
                   });
  const auto most = static_cast<double>(rules.n_positive);
  cap(by_weight, true, most, labels);
  cap(by_weight, false, kNegatives * most, labels);
}

template <typename Value>
std::vector<Value> column_of(const Matrix& x, Eigen::Index column) {
  std::vector<Value> out;
  for (Eigen::Index i = 0; i < x.rows(); ++i) out.push_back(x(i, column));
  return out;
}

void label_column(const InteractionConfig& config, const InteractionData& data,
                  const Matrix& pool, const Matrix& valid, Eigen::Index c,
                  PseudoPairs* out) {
  const auto known = column_of<float>(data.training.label, c);
  PseudoRules rules;
  rules.total = static_cast<double>(known.size());
  rules.n_positive = std::count(known.begin(), known.end(), 1.0f);
  const double share = static_cast<double>(rules.n_positive) / rules.total;
  rules.temperature = fit_temperature(
      column_of<double>(valid, c), column_of<float>(data.validation.label, c));
  if (config.task == "binary" && share > 0 && share < 1) {
    rules.shift = logit(config.em.prior) - logit(share);
  }
  const PseudoLabels found = pseudo_labels(column_of<double>(pool, c), rules);
  for (std::size_t i = 0; i < found.weight.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    out->pairs.label(row, c) = found.probability[i];
    out->weight(row, c) = found.weight[i];
  }
}

/// The pairs that the scales differ on least.
void weigh_agreed(const ScaleScores& pool, double total, PseudoPairs* out) {
  const auto n = out->weight.rows();
  std::vector<Eigen::Index> order(at(n));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  const auto gap = [&](Eigen::Index i) {
    return std::abs(pool.structure(i, 0) - pool.network(i, 0));
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](auto i, auto j) { return gap(i) < gap(j); });
  const auto kept = at(static_cast<double>(n) * kAgreed);
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
    const auto i = rows[at(k)];
    out.weight.row(k) = all.weight.row(i);
    out.pairs.label.row(k) = all.pairs.label.row(i);
    out.pairs.a.push_back(all.pairs.a[at(i)]);
    out.pairs.b.push_back(all.pairs.b[at(i)]);
  }
  return out;
}

}  // namespace

PseudoLabels pseudo_labels(const std::vector<double>& logit,
                           const PseudoRules& rules) {
  PseudoLabels out;
  out.probability.assign(logit.size(), 0.5f);
  out.weight.assign(logit.size(), 0.0f);
  for (std::size_t i = 0; i < logit.size(); ++i) {
    if (std::isnan(logit[i])) continue;
    const double p =
        1 / (1 + std::exp(-(logit[i] / rules.temperature + rules.shift)));
    const double trust = std::abs(2 * p - 1);
    out.probability[i] = static_cast<float>(p);
    if (trust < rules.confidence) continue;
    out.weight[i] = static_cast<float>(trust);
  }
  cap_classes(rules, &out);
  const double sum = std::accumulate(out.weight.begin(), out.weight.end(), 0.0);
  if (sum <= 0) return out;
  const auto scale = static_cast<float>(rules.total / sum);
  for (auto& one : out.weight) one *= scale;
  return out;
}

double fit_temperature(const std::vector<double>& logit,
                       const std::vector<float>& label) {
  const auto n_positive = at(std::count(label.begin(), label.end(), 1.0f));
  if (label.size() < kFewest || n_positive == 0 || n_positive == label.size()) {
    return 1;
  }
  // Golden section on the logarithm: the loss has one minimum in 1 / T.
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double low = std::log(0.05), high = std::log(20.0);
  const auto loss = [&](double at) {
    return cross_entropy(logit, label, std::exp(at));
  };
  for (int step = 0; step < 60; ++step) {
    const double left = high - ratio * (high - low);
    const double right = low + ratio * (high - low);
    if (loss(left) < loss(right)) {
      high = right;
    } else {
      low = left;
    }
  }
  return std::exp((low + high) / 2);
}

double PseudoPairs::share_positive() const {
  const double all = weight.cast<double>().sum();
  if (all <= 0) return 0;
  const auto positive = (pairs.label.array() > 0.5f).cast<double>();
  return (weight.cast<double>().array() * positive).sum() / all;
}

PseudoPairs pseudo_pairs(const InteractionConfig& config,
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
    weigh_agreed(pool, static_cast<double>(data.training.size()), &out);
    return only_weighed(out);
  }
  for (Eigen::Index c = 0; c < said.cols(); ++c) {
    label_column(config, data, said, scores_of(valid, teacher), c, &out);
  }
  return only_weighed(out);
}

}  // namespace musl::nn
