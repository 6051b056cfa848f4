#include "nn/learn/pseudo_labels.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "musl/negatives.h"
#include "musl/rng.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kMostUnlabelled = 200000;
constexpr std::size_t kFewest = 20;  // to fit a temperature on
constexpr double kNegatives = 3;     // times the weight of positives, at most

std::vector<std::int32_t> genes_once(const PairSet& pairs) {
  std::vector<std::int32_t> genes(pairs.a);
  genes.insert(genes.end(), pairs.b.begin(), pairs.b.end());
  std::sort(genes.begin(), genes.end());
  genes.erase(std::unique(genes.begin(), genes.end()), genes.end());
  return genes;
}

/// Both ends of each SL pair.
std::vector<std::int32_t> sl_ends(const PairSet& pairs) {
  std::vector<std::int32_t> ends;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    if (pairs.label[i] != 1.0f) continue;
    ends.push_back(pairs.a[i]);
    ends.push_back(pairs.b[i]);
  }
  return ends;
}

void append(const PairSet& more, PairSet* to) {
  to->a.insert(to->a.end(), more.a.begin(), more.a.end());
  to->b.insert(to->b.end(), more.b.begin(), more.b.end());
}

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
    const auto k = static_cast<std::size_t>(i);
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
                     return labels->weight[static_cast<std::size_t>(i)] >
                            labels->weight[static_cast<std::size_t>(j)];
                   });
  const auto most = static_cast<double>(rules.n_positive);
  cap(by_weight, true, most, labels);
  cap(by_weight, false, kNegatives * most, labels);
}

void scale_weights(double total, PseudoLabels* labels) {
  auto& weight = labels->weight;
  const double sum = std::accumulate(weight.begin(), weight.end(), 0.0);
  if (sum <= 0) return;
  const auto scale = static_cast<float>(total / sum);
  for (auto& one : weight) one *= scale;
}

}  // namespace

PairSet draw_unlabelled(const PairSet& training, const PairSet& held_out,
                        std::int64_t n_genes, std::int64_t count,
                        std::uint64_t seed) {
  NegativeRequest request;
  request.ends_a = request.ends_b = genes_once(training);
  request.forbidden = pair_keys(training, n_genes);
  const auto more = pair_keys(held_out, n_genes);
  request.forbidden.insert(request.forbidden.end(), more.begin(), more.end());
  request.n_genes = n_genes;
  request.allow_fewer = true;
  count = std::min(count, kMostUnlabelled);
  request.count = count - count / 2;
  request.seed = derive_seed(seed, 0);
  PairSet drawn = sample_negatives(request);
  drawn.label.clear();
  const auto ends = sl_ends(training);
  if (ends.empty() || count < 2) return drawn;
  const auto taken = pair_keys(drawn, n_genes);
  request.forbidden.insert(request.forbidden.end(), taken.begin(), taken.end());
  request.policy = NegativePolicy::degree_matched;
  request.ends_a = request.ends_b = ends;
  request.count = count / 2;
  request.seed = derive_seed(seed, 1);
  append(sample_negatives(request), &drawn);
  return drawn;
}

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
    out.probability[i] = static_cast<float>(rules.hard ? p > 0.5 : p);
    if (trust < rules.confidence) continue;
    out.weight[i] = rules.hard ? 1.0f : static_cast<float>(trust);
  }
  if (!rules.hard) cap_classes(rules, &out);
  scale_weights(rules.total, &out);
  return out;
}

double fit_temperature(const std::vector<double>& logit,
                       const std::vector<float>& label) {
  const auto n_positive =
      static_cast<std::size_t>(std::count(label.begin(), label.end(), 1.0f));
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

}  // namespace musl::nn
