#include <Rcpp.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "musl/baselines.h"
#include "musl/boosting.h"
#include "musl/pair_features.h"
#include "musl/parallel.h"
#include "musl/threshold.h"
#include "r_convert.h"

namespace {

using StorePointer = Rcpp::XPtr<musl::FeatureStore>;

Rcpp::NumericMatrix as_table(const musl::FeatureTable& table) {
  Rcpp::NumericMatrix out = musl_r::as_matrix(table.values);
  Rcpp::colnames(out) = Rcpp::wrap(table.names);
  return out;
}

musl::Matrix as_core(const Rcpp::NumericMatrix& x) {
  return musl::RMatrixView(x.begin(), x.nrow(), x.ncol()).cast<float>();
}

void check_interrupt(void*) { R_CheckUserInterrupt(); }

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

// [[Rcpp::export(rng = false)]]
SEXP cpp_feature_store(Rcpp::List input, int rank, double seed, int threads) {
  const musl_r::HeldInput held(input);
  auto store = std::make_unique<musl::FeatureStore>(musl::make_feature_store(
      held.get(), rank, static_cast<std::uint64_t>(seed), threads));
  StorePointer pointer(store.get(), /*set_delete_finalizer=*/true);
  static_cast<void>(store.release());  // the pointer's finaliser deletes it
  return pointer;
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_pair_features(SEXP store, Rcpp::List pairs,
                                      int threads) {
  return as_table(musl::pair_features(*StorePointer(store).checked_get(),
                                      musl_r::as_pairs(pairs), threads));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_gene_features(SEXP store) {
  return as_table(musl::gene_features(*StorePointer(store).checked_get()));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_simple_scores(SEXP store, Rcpp::List pairs,
                                      int threads) {
  return as_table(musl::simple_scores(*StorePointer(store).checked_get(),
                                      musl_r::as_pairs(pairs), threads));
}

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_log_odds_score(Rcpp::List training, Rcpp::List pairs,
                                       double n_genes, double smoothing) {
  return musl::log_odds_score(musl_r::as_pairs(training),
                              musl_r::as_pairs(pairs),
                              static_cast<std::int64_t>(n_genes), smoothing);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_degree_features(Rcpp::List training, Rcpp::List pairs,
                               double n_genes, int folds, double seed) {
  const musl::DegreeFeatures features =
      musl::degree_features(musl_r::as_pairs(training), musl_r::as_pairs(pairs),
                            static_cast<std::int64_t>(n_genes), folds,
                            static_cast<std::uint64_t>(seed));
  return Rcpp::List::create(
      Rcpp::Named("training") = musl_r::as_matrix(features.training),
      Rcpp::Named("pairs") = musl_r::as_matrix(features.pairs));
}

// Log-odds of the rows of `new_x` by trees boosted on `x`; missing is NaN or
// NA.
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_boost(Rcpp::NumericMatrix x, std::vector<float> label,
                              Rcpp::NumericMatrix new_x, Rcpp::List config,
                              int threads) {
  const auto go_on = [] {
    return R_ToplevelExec(check_interrupt, nullptr) == TRUE;
  };
  const musl::BoostedTrees trees = musl::fit_boosting(
      as_core(x), label, as_boosting(config), threads, go_on);
  return musl::predict_boosting(trees, as_core(new_x));
}

// [[Rcpp::export(rng = false)]]
int cpp_available_threads() { return musl::available_threads(); }

// [[Rcpp::export(rng = false)]]
double cpp_best_f1_threshold(std::vector<double> score,
                             std::vector<float> label) {
  return musl::best_f1_threshold(score, label);
}
