#include <Rcpp.h>

#include <cstdint>
#include <string>
#include <vector>

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

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_degree_score(std::vector<int> train_a,
                                     std::vector<int> train_b,
                                     std::vector<float> label,
                                     std::vector<int> a, std::vector<int> b,
                                     double n_genes) {
  return musl::degree_score({train_a, train_b, label}, {a, b, {}},
                            static_cast<std::int64_t>(n_genes));
}
