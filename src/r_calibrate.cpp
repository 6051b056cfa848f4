#include <Rcpp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/error.h"
#include "judge/calibration.h"
#include "judge/reliability.h"
#include "judge/venn_abers.h"

namespace {

template <class Values>
Rcpp::NumericVector as_numbers(const Values& values) {
  return Rcpp::NumericVector(values.begin(), values.end());
}

void check_three(R_xlen_t n, const char* what) {
  if (n == 3) return;
  throw musl::ShapeError("A calibration must hold three " + std::string(what) +
                         ", not " + std::to_string(n) + ".");
}

std::array<double, 3> as_three(const Rcpp::NumericVector& values) {
  check_three(values.size(), "lines");
  std::array<double, 3> out{};
  std::copy(values.begin(), values.end(), out.begin());
  return out;
}

musl::Calibration as_calibration(const Rcpp::List& list) {
  musl::Calibration out;
  out.slope = as_three(list["slope"]);
  out.intercept = as_three(list["intercept"]);
  out.training_prior = Rcpp::as<double>(list["training_prior"]);
  out.prior = as_three(list["prior"]);
  return out;
}

musl::ScoresByUnseen as_scores(const Rcpp::List& list) {
  check_three(list.size(), "sets of scores");
  musl::ScoresByUnseen out;
  for (R_xlen_t k = 0; k < 3; ++k) {
    const Rcpp::List scores = list[k];
    auto& to = out[static_cast<std::size_t>(k)];
    to.sl = Rcpp::as<std::vector<double>>(scores["SL"]);
    to.non_sl = Rcpp::as<std::vector<double>>(scores["non_SL"]);
  }
  return out;
}

Rcpp::List as_list(const musl::ScoresByUnseen& scores) {
  Rcpp::List out(3);
  for (R_xlen_t k = 0; k < 3; ++k) {
    const auto& from = scores[static_cast<std::size_t>(k)];
    out[k] = Rcpp::List::create(Rcpp::Named("SL") = from.sl,
                                Rcpp::Named("non_SL") = from.non_sl);
  }
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_fit_calibration(std::vector<double> score,
                               std::vector<float> label,
                               std::vector<int> n_unseen, double prior) {
  const musl::Calibration fit =
      musl::fit_calibration(score, label, n_unseen, prior);
  std::vector<double> n_pairs;
  for (const auto& scores : fit.scores) {
    n_pairs.push_back(static_cast<double>(scores.size()));
  }
  return Rcpp::List::create(
      Rcpp::Named("slope") = as_numbers(fit.slope),
      Rcpp::Named("intercept") = as_numbers(fit.intercept),
      Rcpp::Named("n_pairs") = n_pairs,
      Rcpp::Named("training_prior") = fit.training_prior,
      Rcpp::Named("prior") = as_numbers(fit.prior),
      Rcpp::Named("scores") = as_list(fit.scores));
}

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_calibrate(Rcpp::List calibration,
                                  std::vector<double> score,
                                  std::vector<int> n_unseen, double prior) {
  return musl::calibrate(as_calibration(calibration), score, n_unseen, prior);
}

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_shift_prior(Rcpp::List calibration,
                                    std::vector<double> probability,
                                    std::vector<int> n_unseen, double prior) {
  return musl::shift_prior(as_calibration(calibration), probability, n_unseen,
                           prior);
}

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_shift_to_mean(std::vector<double> probability,
                                      std::vector<double> reference,
                                      double prior) {
  return musl::shift_to_mean(std::move(probability), reference, prior);
}

// P-values of the labels; `scores` as returned by cpp_fit_calibration().
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_conformal(Rcpp::List scores, std::vector<double> score,
                         std::vector<int> n_unseen) {
  const auto p = musl::conformal_p_values(as_scores(scores), score, n_unseen);
  return Rcpp::List::create(Rcpp::Named("SL") = p.sl,
                            Rcpp::Named("non_SL") = p.non_sl);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_venn_abers(Rcpp::List scores, std::vector<double> score,
                          std::vector<int> n_unseen) {
  std::vector<double> lower, upper;
  for (const musl::Interval& interval :
       musl::venn_abers(as_scores(scores), score, n_unseen)) {
    lower.push_back(interval.lower);
    upper.push_back(interval.upper);
  }
  return Rcpp::List::create(Rcpp::Named("lower") = lower,
                            Rcpp::Named("upper") = upper);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_reliability(std::vector<double> probability,
                           std::vector<float> label, int n_bins) {
  const auto bins = musl::reliability_bins(probability, label, n_bins);
  std::vector<int> n_pairs;
  std::vector<double> predicted, observed;
  for (const musl::ReliabilityBin& bin : bins) {
    n_pairs.push_back(static_cast<int>(bin.n_pairs));
    predicted.push_back(bin.predicted);
    observed.push_back(bin.observed);
  }
  return Rcpp::List::create(
      Rcpp::Named("n_pairs") = n_pairs, Rcpp::Named("predicted") = predicted,
      Rcpp::Named("observed") = observed,
      Rcpp::Named("error") = musl::calibration_error(bins));
}

// [[Rcpp::export(rng = false)]]
double cpp_node_bootstrap_error(std::vector<double> value, std::vector<int> a,
                                std::vector<int> b, double n_genes,
                                int replicates, double seed) {
  return musl::node_bootstrap_error(
      value, a, b, static_cast<std::int64_t>(n_genes), replicates,
      static_cast<std::uint64_t>(seed));
}
