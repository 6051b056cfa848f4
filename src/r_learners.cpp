#include <Rcpp.h>

#include <vector>

#include "musl/boosting.h"
#include "musl/logistic.h"
#include "musl/normal_scores.h"
#include "r_convert.h"

namespace {

musl::Matrix as_core(const Rcpp::NumericMatrix& x) {
  return musl::RMatrixView(x.begin(), x.nrow(), x.ncol()).cast<float>();
}

}  // namespace

// list(intercept, coefficient) of the penalised fit.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_fit_logistic(Rcpp::NumericMatrix x, std::vector<float> label,
                            std::vector<float> weight, double lambda,
                            int threads) {
  musl::LogisticConfig config;
  config.lambda = lambda;
  const musl::LogisticModel fit =
      musl::fit_logistic(as_core(x), label, weight, config, threads);
  return Rcpp::List::create(Rcpp::Named("intercept") = fit.intercept,
                            Rcpp::Named("coefficient") = fit.coefficient);
}

// Normal scores of `x` by the quantiles of `reference`.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_normal_scores(Rcpp::NumericMatrix reference,
                                      Rcpp::NumericMatrix x, int threads) {
  return musl_r::as_matrix(musl::normal_scores(
      musl::fit_normal_scores(as_core(reference)), as_core(x), threads));
}

// cpp_boost() with weights and monotone columns.
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_boost_weighted(Rcpp::NumericMatrix x,
                                       std::vector<float> label,
                                       std::vector<float> weight,
                                       Rcpp::NumericMatrix new_x,
                                       Rcpp::List config, int threads) {
  musl::BoostingConfig how;
  how.trees = Rcpp::as<int>(config["trees"]);
  how.rate = Rcpp::as<double>(config["rate"]);
  how.leaves = Rcpp::as<int>(config["leaves"]);
  how.min_leaf = Rcpp::as<int>(config["min_leaf"]);
  how.l2 = Rcpp::as<double>(config["l2"]);
  how.monotone = Rcpp::as<std::vector<int>>(config["monotone"]);
  const musl::BoostedTrees trees =
      musl::fit_boosting(as_core(x), label, weight, how, threads);
  return musl::predict_boosting(trees, as_core(new_x), threads);
}
