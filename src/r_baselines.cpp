#include <Rcpp.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "musl/baselines.h"
#include "musl/pair_features.h"
#include "r_convert.h"

namespace {

using FeaturePointer = Rcpp::XPtr<musl::FeatureStore>;

Rcpp::NumericMatrix as_table(const musl::FeatureTable& table) {
  Rcpp::NumericMatrix out = musl_r::as_matrix(table.values);
  Rcpp::colnames(out) = Rcpp::wrap(table.names);
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
SEXP cpp_feature_store(Rcpp::List input, int rank, double seed, int threads) {
  const musl_r::HeldInput held(input);
  auto store = std::make_unique<musl::FeatureStore>(musl::make_feature_store(
      held.get(), rank, static_cast<std::uint64_t>(seed), threads));
  return musl_r::hand_over(std::move(store));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_pair_features(SEXP store, Rcpp::List pairs,
                                      int threads) {
  return as_table(musl::pair_features(*FeaturePointer(store).checked_get(),
                                      musl_r::as_pairs(pairs), threads));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_gene_features(SEXP store) {
  return as_table(musl::gene_features(*FeaturePointer(store).checked_get()));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_simple_scores(SEXP store, Rcpp::List pairs,
                                      int threads) {
  return as_table(musl::simple_scores(*FeaturePointer(store).checked_get(),
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

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_degree_score(std::vector<int> train_a,
                                     std::vector<int> train_b,
                                     std::vector<float> label,
                                     std::vector<int> a, std::vector<int> b,
                                     double n_genes) {
  return musl::degree_score({train_a, train_b, label}, {a, b, {}},
                            static_cast<std::int64_t>(n_genes));
}
