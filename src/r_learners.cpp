#include <Rcpp.h>

#include <vector>

#include "musl/boosting.h"
#include "musl/logistic.h"
#include "musl/normal_scores.h"
#include "r_convert.h"

// list(intercept, coefficient) of the penalised fit.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_fit_logistic(Rcpp::NumericMatrix x, std::vector<float> label,
                            std::vector<float> weight, double lambda,
                            int threads) {
  musl::LogisticConfig config;
  config.lambda = lambda;
  const musl::LogisticModel fit =
      musl::fit_logistic(musl_r::as_core(x), label, weight, config, threads);
  return Rcpp::List::create(Rcpp::Named("intercept") = fit.intercept,
                            Rcpp::Named("coefficient") = fit.coefficient);
}

// Normal scores of `x` by the quantiles of `reference`.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_normal_scores(Rcpp::NumericMatrix reference,
                                      Rcpp::NumericMatrix x, int threads) {
  return musl_r::as_matrix(
      musl::normal_scores(musl::fit_normal_scores(musl_r::as_core(reference)),
                          musl_r::as_core(x), threads));
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
      musl::fit_boosting(musl_r::as_core(x), label, weight, how, threads);
  return musl::predict_boosting(trees, musl_r::as_core(new_x), threads);
}
