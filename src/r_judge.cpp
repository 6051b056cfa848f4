#include <Rcpp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "musl/auroc_interval.h"
#include "musl/baselines.h"
#include "musl/error.h"
#include "musl/metrics.h"
#include "musl/pair_set.h"

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

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_degree_score(std::vector<int> train_a,
                                     std::vector<int> train_b,
                                     std::vector<float> label,
                                     std::vector<int> a, std::vector<int> b,
                                     double n_genes) {
  return musl::degree_score({train_a, train_b, label}, {a, b, {}},
                            static_cast<std::int64_t>(n_genes));
}
