#include <Rcpp.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "dependency/dependency.h"
#include "dependency/effect_sizes.h"
#include "dependency/rank_test.h"
#include "dependency/screen_compare.h"
#include "r_callback.h"
#include "r_convert.h"

namespace {

/// TRUE: loss, FALSE: rest, NA: left out.
std::vector<musl::Group> as_group(const int* lost, int n) {
  std::vector<musl::Group> group(static_cast<std::size_t>(n));
  std::transform(lost, lost + n, group.begin(), [](int value) {
    if (value == NA_LOGICAL) return musl::kLeftOut;
    return value != 0 ? musl::kLoss : musl::kRest;
  });
  return group;
}

Rcpp::List as_list(const musl::DependencyResult& result) {
  return Rcpp::List::create(
      Rcpp::Named("n_loss") = result.n_loss,
      Rcpp::Named("n_rest") = result.n_rest,
      Rcpp::Named("median_loss") = result.median_loss,
      Rcpp::Named("median_rest") = result.median_rest,
      Rcpp::Named("cliffs_delta") = result.delta,
      Rcpp::Named("p_two_sided") = result.p_two_sided,
      Rcpp::Named("p_less") = result.p_less,
      Rcpp::Named("n_strata") = result.n_strata,
      Rcpp::Named("p_two_sided_stratified") = result.p_two_sided_stratified,
      Rcpp::Named("p_less_stratified") = result.p_less_stratified);
}

}  // namespace

// Comparisons of the rows of `values` (genes x lines) between the groups in the
// columns of `lost` (lines x anchors): a list of vectors in which the gene
// varies fastest. `stratum` holds 0-based numbers, -1 for none, or nothing.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_dependency(Rcpp::NumericMatrix values, Rcpp::LogicalMatrix lost,
                          std::vector<int> stratum, int min_lines,
                          int threads) {
  musl::DependencyDesign design;
  for (int a = 0; a < lost.ncol(); ++a) {
    design.groups.push_back(as_group(lost.column(a).begin(), lost.nrow()));
  }
  design.stratum = stratum;
  design.min_lines = min_lines;
  return as_list(musl::differential_dependency(musl_r::as_view(values), design,
                                               threads, musl_r::may_go_on));
}

// Means of both groups and effect sizes, of the same comparisons: a list of
// vectors. `limit` is that of a need, `floor` of the spread.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_group_means(Rcpp::NumericMatrix values, Rcpp::LogicalMatrix lost,
                           double limit, double floor, int threads) {
  std::vector<std::vector<musl::Group>> groups;
  for (int a = 0; a < lost.ncol(); ++a) {
    groups.push_back(as_group(lost.column(a).begin(), lost.nrow()));
  }
  const auto found =
      musl::group_means(musl_r::as_view(values), groups, limit, floor, threads);
  const auto column = [&](double musl::GroupMeans::*field) {
    std::vector<double> out;
    out.reserve(found.size());
    for (const auto& one : found) out.push_back(one.*field);
    return out;
  };
  using Means = musl::GroupMeans;
  return Rcpp::List::create(
      Rcpp::Named("mean_loss") = column(&Means::loss),
      Rcpp::Named("mean_rest") = column(&Means::rest),
      Rcpp::Named("hedges_g") = column(&Means::hedges_g),
      Rcpp::Named("g_lower") = column(&Means::g_lower),
      Rcpp::Named("g_upper") = column(&Means::g_upper),
      Rcpp::Named("share_loss") = column(&Means::share_loss),
      Rcpp::Named("share_rest") = column(&Means::share_rest));
}

// list(value, error, df) of the genes: the difference that `covariates` (lines
// x covariates) do not explain.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_adjusted_differences(Rcpp::NumericMatrix values,
                                    Rcpp::LogicalVector lost,
                                    Rcpp::NumericMatrix covariates,
                                    double floor, int threads) {
  std::vector<double> value, error, df;
  for (const auto& one : musl::adjusted_differences(
           musl_r::as_view(values),
           as_group(lost.begin(), static_cast<int>(lost.size())),
           musl_r::as_view(covariates), floor, threads)) {
    value.push_back(one.value);
    error.push_back(one.error);
    df.push_back(one.df);
  }
  return Rcpp::List::create(Rcpp::Named("value") = value,
                            Rcpp::Named("error") = error,
                            Rcpp::Named("df") = df);
}

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_shares_beyond(Rcpp::NumericMatrix values, double limit,
                                      bool above) {
  return musl::shares_beyond(musl_r::as_view(values), limit, above);
}

// Agreement of a ranking with a screen: list(estimate: AUROC, AUPRC, Spearman,
// enrichment at each depth; hits at each depth; joint score of each gene;
// replicates, one a column).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_screen_agreement(std::vector<double> score,
                                std::vector<double> strength,
                                std::vector<float> hit,
                                std::vector<double> depths, int replicates,
                                double seed, int threads) {
  const musl::ScreenJudge judge({score, strength, hit},
                                {depths.begin(), depths.end()});
  const musl::ScreenAgreement whole = judge.measure();
  std::vector<double> estimate = {whole.auroc, whole.auprc, whole.spearman};
  estimate.insert(estimate.end(), whole.enrichment.begin(),
                  whole.enrichment.end());
  const std::vector<double> drawn = musl::bootstrap_agreement(
      judge, replicates, static_cast<std::uint64_t>(seed), threads);
  Rcpp::NumericMatrix values(static_cast<int>(estimate.size()), replicates);
  std::copy(drawn.begin(), drawn.end(), values.begin());
  return Rcpp::List::create(
      Rcpp::Named("estimate") = estimate, Rcpp::Named("hits") = whole.hits,
      Rcpp::Named("joint") = judge.joint(), Rcpp::Named("replicates") = values);
}
