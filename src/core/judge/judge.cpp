#include "judge/judge.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"

namespace musl {

namespace {

/// In the order of MetricKind; a number of ranks follows those that end in "_".
constexpr std::array<const char*, 16> kNames{
    // Of all pairs
    "auroc", "auprc", "auprc_trapezoid", "f1_max", "f1", "mcc", "brier", "ece",
    // Per query, then per anchor
    "auroc_per_query", "auprc_per_query", "recall_1pct_per_query",
    "auroc_per_anchor", "ndcg_", "precision_", "recall_", "map_"};

/// Top share of a query's list in which recall is measured.
constexpr double kQueryShare = 0.01;

/// The integer >= 1 in a text, 0 for any other text.
std::int64_t parse_rank(const std::string& text) {
  const bool is_number =
      !text.empty() && text.size() <= 6 &&
      text.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? std::stoll(text) : 0;
}

bool has_both(const std::vector<Step>& steps) {
  double positives = 0, negatives = 0;
  for (const Step& step : steps) {
    positives += step.positives;
    negatives += step.negatives;
  }
  return positives > 0 && negatives > 0;
}

/// The weight of a pair is the product of its genes' multiplicities.
std::vector<double> pair_weights(
    const PairSet& pairs, const std::vector<std::int32_t>& multiplicity) {
  if (multiplicity.empty()) return {};
  std::vector<double> weight(pairs.a.size());
  for (std::size_t i = 0; i < weight.size(); ++i) {
    weight[i] = static_cast<double>(multiplicity[at(pairs.a[i])]) *
                static_cast<double>(multiplicity[at(pairs.b[i])]);
  }
  return weight;
}

// In the order of MetricKind.
constexpr std::array<double CurveMetrics::*, 4> kOfCurve{
    &CurveMetrics::auroc, &CurveMetrics::auprc, &CurveMetrics::auprc_trapezoid,
    &CurveMetrics::f1_max};
constexpr std::array<double RankMetrics::*, 4> kOfRanks{
    &RankMetrics::ndcg, &RankMetrics::precision, &RankMetrics::recall,
    &RankMetrics::map};

/// Value of a metric for the list of one anchor or query.
double list_value(const Metric& metric, const std::vector<Step>& steps,
                  const RankCurve& curve) {
  if (metric.is_ranked()) {
    const auto of_first = rank_metrics(curve, metric.k);
    const auto place =
        static_cast<int>(metric.kind) - static_cast<int>(MetricKind::ndcg);
    return of_first.*kOfRanks[at(place)];
  }
  if (metric.kind == MetricKind::recall_1pct_per_query) {
    return recall_at_share(steps, kQueryShare);
  }
  const CurveMetrics whole = curve_metrics(steps);
  return metric.kind == MetricKind::auprc_per_query ? whole.auprc : whole.auroc;
}

}  // namespace

Metric parse_metric(const std::string& name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const std::string known = kNames[i];
    Metric metric{static_cast<MetricKind>(i)};
    if (name == known && !metric.is_ranked()) return metric;
    if (!metric.is_ranked() || name.rfind(known, 0) != 0) continue;
    metric.k = parse_rank(name.substr(known.size()));
    if (metric.k > 0) return metric;
  }
  throw InputError("There is no metric \"" + name + "\".");
}

Judge::Judge(ScoredPairs scored, std::vector<Metric> metrics,
             std::int64_t n_genes)
    : scored_(std::move(scored)),
      metrics_(std::move(metrics)),
      n_genes_(n_genes) {
  check_pairs(scored_.pairs, n_genes_);
  by_score_ = order_scores(scored_.score);
  by_probability_ = order_scores(scored_.probability);
  lists_ = anchor_lists(scored_.pairs, by_score_, n_genes_);
  query_lists_ = query_lists(scored_.pairs, scored_.query, by_score_, n_genes_);
  for (const Metric& metric : metrics_) depth_ = std::max(depth_, metric.k);
}

std::vector<double> Judge::measure(
    const std::vector<std::int32_t>& multiplicity) const {
  std::vector<double> out(metrics_.size(), kNaN);
  measure_pairs(pair_weights(scored_.pairs, multiplicity), &out);
  measure_lists(lists_, multiplicity, &Metric::is_per_anchor, &out);
  measure_lists(query_lists_, multiplicity, &Metric::is_per_query, &out);
  return out;
}

void Judge::measure_pairs(const std::vector<double>& weight,
                          std::vector<double>* out) const {
  const std::vector<float>& label = scored_.pairs.label;
  const std::vector<Step> steps = score_steps(by_score_, label, weight);
  const bool both = has_both(steps);
  const CurveMetrics curve = curve_metrics(steps);
  for (std::size_t m = 0; m < metrics_.size(); ++m) {
    const MetricKind kind = metrics_[m].kind;
    if (metrics_[m].is_per_anchor() || metrics_[m].is_per_query()) continue;
    if (kind == MetricKind::brier || kind == MetricKind::ece) {
      if (scored_.probability.empty()) continue;
      (*out)[m] = kind == MetricKind::brier
                      ? brier_score(scored_.probability, label, weight)
                      : calibration_error(by_probability_, scored_.probability,
                                          label, weight);
    } else if (!both) {
      continue;
    } else if (kind == MetricKind::f1 || kind == MetricKind::mcc) {
      if (scored_.called.empty()) continue;
      (*out)[m] = kind == MetricKind::f1
                      ? f1_score(scored_.called, label, weight)
                      : matthews(scored_.called, label, weight);
    } else {
      (*out)[m] = curve.*kOfCurve[at(static_cast<int>(kind))];
    }
  }
}

void Judge::measure_lists(const AnchorLists& lists,
                          const std::vector<std::int32_t>& multiplicity,
                          const std::function<bool(const Metric&)>& wanted,
                          std::vector<double>* out) const {
  if (std::none_of(metrics_.begin(), metrics_.end(), wanted)) return;
  std::vector<double> sum(metrics_.size(), 0.0);
  double n = 0;
  std::vector<Step> steps;
  RankCurve curve;
  for (std::int64_t gene = 0; gene < n_genes_; ++gene) {
    const int drawn = multiplicity.empty() ? 1 : multiplicity[at(gene)];
    if (drawn == 0) continue;
    anchor_steps(lists, gene, multiplicity, &steps);
    if (!has_both(steps)) continue;
    n += drawn;
    if (depth_ > 0) rank_curve(steps, depth_, &curve);
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      if (!wanted(metrics_[m])) continue;
      sum[m] += drawn * list_value(metrics_[m], steps, curve);
    }
  }
  for (std::size_t m = 0; n > 0 && m < metrics_.size(); ++m) {
    if (wanted(metrics_[m])) (*out)[m] = sum[m] / n;
  }
}

AnchorCount Judge::count(const AnchorLists& lists) const {
  AnchorCount out;
  std::vector<Step> steps;
  for (std::int64_t gene = 0; gene < n_genes_; ++gene) {
    anchor_steps(lists, gene, {}, &steps);
    if (steps.empty()) continue;
    ++(has_both(steps) ? out.measured : out.left_out);
  }
  return out;
}

}  // namespace musl
