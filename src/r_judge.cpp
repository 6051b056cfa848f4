#include <Rcpp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "musl/baselines.h"
#include "musl/error.h"
#include "musl/metrics.h"
#include "musl/negatives.h"
#include "musl/pair_set.h"

namespace {

musl::NegativePolicy as_policy(const std::string& name) {
  if (name == "random") return musl::NegativePolicy::random;
  if (name == "degree_matched") return musl::NegativePolicy::degree_matched;
  throw musl::InputError("`policy` must be \"random\" or \"degree_matched\", " +
                         std::string("not \"") + name + "\".");
}

}  // namespace

// [[Rcpp::export(rng = false)]]
double cpp_auroc(std::vector<double> score, std::vector<float> label) {
  return musl::auroc(score, label);
}

// [[Rcpp::export(rng = false)]]
double cpp_auprc(std::vector<double> score, std::vector<float> label) {
  return musl::auprc(score, label);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_sample_negatives(std::string policy, std::vector<int> a,
                                std::vector<int> b, std::vector<int> ends_a,
                                std::vector<int> ends_b,
                                std::vector<int> forbidden_a,
                                std::vector<int> forbidden_b, double count,
                                double n_genes, double seed) {
  const auto genes = static_cast<std::int64_t>(n_genes);
  const musl::PairSet drawn = musl::sample_negatives(
      as_policy(policy), {a, b, {}}, ends_a, ends_b,
      musl::pair_keys({forbidden_a, forbidden_b, {}}, genes),
      static_cast<std::int64_t>(count), genes,
      static_cast<std::uint64_t>(seed));
  return Rcpp::List::create(Rcpp::Named("a") = drawn.a,
                            Rcpp::Named("b") = drawn.b);
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
