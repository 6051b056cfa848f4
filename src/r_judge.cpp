#include <Rcpp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "musl/baselines.h"
#include "musl/calibration.h"
#include "musl/error.h"
#include "musl/metrics.h"
#include "musl/pair_set.h"

namespace {

std::array<double, 3> as_three(const Rcpp::NumericVector& values) {
  if (values.size() != 3) {
    throw musl::ShapeError("A calibration must hold three lines, not " +
                           std::to_string(values.size()) + ".");
  }
  std::array<double, 3> out{};
  std::copy(values.begin(), values.end(), out.begin());
  return out;
}

musl::Calibration as_calibration(const Rcpp::List& list) {
  musl::Calibration out;
  out.slope = as_three(list["slope"]);
  out.intercept = as_three(list["intercept"]);
  out.training_prior = Rcpp::as<double>(list["training_prior"]);
  return out;
}

template <class Values>
Rcpp::NumericVector as_numbers(const Values& values) {
  return Rcpp::NumericVector(values.begin(), values.end());
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
Rcpp::List cpp_fit_calibration(std::vector<double> score,
                               std::vector<float> label,
                               std::vector<int> n_unseen, double prior) {
  const musl::Calibration fit =
      musl::fit_calibration(score, label, n_unseen, prior);
  return Rcpp::List::create(
      Rcpp::Named("slope") = as_numbers(fit.slope),
      Rcpp::Named("intercept") = as_numbers(fit.intercept),
      Rcpp::Named("n_pairs") = as_numbers(fit.n_pairs),
      Rcpp::Named("training_prior") = fit.training_prior);
}

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_calibrate(Rcpp::List calibration,
                                  std::vector<double> score,
                                  std::vector<int> n_unseen, double prior) {
  return musl::calibrate(as_calibration(calibration), score, n_unseen, prior);
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
