#include <Rcpp.h>

#include <vector>

#include "learners/boosting.h"
#include "r_callback.h"
#include "r_convert.h"

namespace {

musl::BoostingConfig as_boosting(const Rcpp::List& fields) {
  musl::BoostingConfig config;
  config.trees = Rcpp::as<int>(fields["trees"]);
  config.rate = Rcpp::as<double>(fields["rate"]);
  config.leaves = Rcpp::as<int>(fields["leaves"]);
  config.min_leaf = Rcpp::as<int>(fields["min_leaf"]);
  config.l2 = Rcpp::as<double>(fields["l2"]);
  config.bins = Rcpp::as<int>(fields["bins"]);
  return config;
}

}  // namespace

// Log-odds of the rows of `new_x` by trees boosted on `x`; missing values are
// NaN or NA.
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_boost(Rcpp::NumericMatrix x, std::vector<float> label,
                              Rcpp::NumericMatrix new_x, Rcpp::List config,
                              int threads) {
  const musl::BoostedTrees trees =
      musl::fit_boosting(musl_r::as_core(x), label, {}, as_boosting(config),
                         threads, musl_r::may_go_on);
  return musl::predict_boosting(trees, musl_r::as_core(new_x));
}
