#include <Rcpp.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "judge/intervals.h"
#include "judge/judge.h"
#include "judge/label_metrics.h"
#include "judge/metrics.h"
#include "r_convert.h"

namespace {

std::vector<musl::Metric> as_metrics(const std::vector<std::string>& names) {
  std::vector<musl::Metric> metrics(names.size());
  std::transform(names.begin(), names.end(), metrics.begin(),
                 musl::parse_metric);
  return metrics;
}

/// NA for metrics that are neither per anchor nor per query.
Rcpp::List anchor_counts(const musl::Judge& judge) {
  const std::vector<musl::Metric>& metrics = judge.metrics();
  const auto size = static_cast<R_xlen_t>(metrics.size());
  Rcpp::IntegerVector measured(size, NA_INTEGER), left_out(size, NA_INTEGER);
  const musl::AnchorCount anchors = judge.anchors(), queries = judge.queries();
  for (R_xlen_t m = 0; m < size; ++m) {
    const musl::Metric& metric = metrics[static_cast<std::size_t>(m)];
    if (!metric.is_per_anchor() && !metric.is_per_query()) continue;
    const auto& count = metric.is_per_query() ? queries : anchors;
    measured[m] = static_cast<int>(count.measured);
    left_out[m] = static_cast<int>(count.left_out);
  }
  return Rcpp::List::create(Rcpp::Named("measured") = measured,
                            Rcpp::Named("left_out") = left_out);
}

}  // namespace

// Metrics of one set of pairs: list(estimate, n_anchors, n_left_out, one per
// metric; replicates, a matrix of metrics x replicates). `probability`,
// `called` and `query` may be empty.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_measure(std::vector<std::string> metrics, Rcpp::List pairs,
                       std::vector<double> score,
                       std::vector<double> probability,
                       std::vector<float> called, std::vector<int> query,
                       double n_genes, int replicates, double seed,
                       int threads) {
  const musl::Judge judge(
      {musl_r::as_pairs(pairs), score, probability, called, query},
      as_metrics(metrics), static_cast<std::int64_t>(n_genes));
  const std::vector<double> estimate = judge.measure();
  const std::vector<double> drawn = musl::node_bootstrap(
      judge, replicates, static_cast<std::uint64_t>(seed), threads);
  Rcpp::NumericMatrix values(static_cast<int>(metrics.size()), replicates);
  std::copy(drawn.begin(), drawn.end(), values.begin());
  const Rcpp::List anchors = anchor_counts(judge);
  return Rcpp::List::create(Rcpp::Named("estimate") = estimate,
                            Rcpp::Named("n_anchors") = anchors["measured"],
                            Rcpp::Named("n_left_out") = anchors["left_out"],
                            Rcpp::Named("replicates") = values);
}

// [[Rcpp::export(rng = false)]]
double cpp_auroc(std::vector<double> score, std::vector<float> label) {
  return musl::auroc(score, label);
}

// [[Rcpp::export(rng = false)]]
double cpp_auprc(std::vector<double> score, std::vector<float> label) {
  return musl::auprc(score, label);
}

// list(auroc, sd, lower, upper); `z` is the normal quantile of the interval.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_auroc_interval(std::vector<double> score,
                              std::vector<float> label, double z) {
  const musl::AurocInterval out = musl::auroc_interval(score, label, z);
  return Rcpp::List::create(
      Rcpp::Named("auroc") = out.auroc, Rcpp::Named("sd") = out.sd,
      Rcpp::Named("lower") = out.lower, Rcpp::Named("upper") = out.upper);
}

// list(estimate, lower, upper, weight) of a study's comparisons
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_study_agreement(std::vector<double> auroc,
                               std::vector<double> sd,
                               std::vector<std::int32_t> partner, double judged,
                               double least) {
  const musl::Agreement out =
      musl::study_agreement(auroc, sd, partner, judged, least);
  return Rcpp::List::create(
      Rcpp::Named("estimate") = out.estimate, Rcpp::Named("lower") = out.lower,
      Rcpp::Named("upper") = out.upper, Rcpp::Named("weight") = out.weight);
}

// [[Rcpp::export(rng = false)]]
double cpp_false_hit_share(double control_hits, double controls, double hits,
                           double pairs) {
  return musl::false_hit_share(control_hits, controls, hits, pairs);
}

// [[Rcpp::export(rng = false)]]
double cpp_best_f1_threshold(std::vector<double> score,
                             std::vector<float> label) {
  return musl::best_f1_threshold(score, label);
}
