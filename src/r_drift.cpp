#include <Rcpp.h>

#include <cstdint>
#include <vector>

#include "judge/drift.h"
#include "r_convert.h"

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_gene_moments(Rcpp::NumericMatrix x, bool linear) {
  const auto moments = musl::gene_moments(musl_r::as_view(x), linear);
  return Rcpp::List::create(Rcpp::Named("mean") = moments.mean,
                            Rcpp::Named("sd") = moments.sd);
}

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_mean_correlations(Rcpp::NumericMatrix x, bool linear) {
  return musl::mean_correlations(musl_r::as_view(x), linear);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_stability(std::vector<double> reference,
                         std::vector<double> values) {
  const auto stability = musl::stability_index(reference, values);
  return Rcpp::List::create(Rcpp::Named("index") = stability.index,
                            Rcpp::Named("noise") = stability.noise);
}

// [[Rcpp::export(rng = false)]]
double cpp_location_shift(std::vector<double> mean, std::vector<double> sd,
                          std::vector<double> new_mean) {
  return musl::location_shift(mean, sd, new_mean);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_sampling_noise(Rcpp::NumericMatrix x, bool linear, int n,
                              int repeats, double unit, double seed,
                              int threads) {
  const auto noise =
      musl::sampling_noise(musl_r::as_view(x), linear, n, repeats, unit,
                           static_cast<std::uint64_t>(seed), threads);
  return Rcpp::List::create(Rcpp::Named("sd") = noise.sd,
                            Rcpp::Named("sd_of_part") = noise.sd_of_part,
                            Rcpp::Named("correlation") = noise.correlation);
}
