#include <Rcpp.h>

#include <cstdint>
#include <vector>

#include "features/embeddings.h"
#include "judge/baselines.h"
#include "r_convert.h"

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_gene_coordinates(Rcpp::List input, int axes,
                                         double seed, int threads) {
  const musl_r::HeldInput held(input);
  return musl_r::as_matrix(musl::gene_coordinates(
      held.get(), axes, static_cast<std::uint64_t>(seed), threads));
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
