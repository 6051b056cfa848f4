#include <Rcpp.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/pair_set.h"
#include "data/negatives.h"

namespace {

musl::NegativePolicy as_policy(const std::string& name) {
  if (name == "random") return musl::NegativePolicy::random;
  if (name == "degree_matched") return musl::NegativePolicy::degree_matched;
  throw musl::InputError("`policy` must be \"random\" or \"degree_matched\", " +
                         std::string("not \"") + name + "\".");
}

// Keys of pairs are integers beyond the range of R's integers.
std::vector<std::int64_t> as_keys(const Rcpp::NumericVector& keys) {
  return {keys.begin(), keys.end()};
}

Rcpp::List as_ends(const musl::PairSet& pairs) {
  return Rcpp::List::create(Rcpp::Named("a") = pairs.a,
                            Rcpp::Named("b") = pairs.b);
}

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_sample_negatives(std::string policy, std::vector<int> ends_a,
                                std::vector<int> ends_b,
                                Rcpp::NumericVector forbidden, double count,
                                double n_genes, double seed, bool allow_fewer) {
  musl::NegativeRequest request;
  request.policy = as_policy(policy);
  request.ends_a = std::move(ends_a);
  request.ends_b = std::move(ends_b);
  request.forbidden = as_keys(forbidden);
  request.count = static_cast<std::int64_t>(count);
  request.n_genes = static_cast<std::int64_t>(n_genes);
  request.seed = static_cast<std::uint64_t>(seed);
  request.allow_fewer = allow_fewer;
  return as_ends(musl::sample_negatives(request));
}
