#include <Rcpp.h>

#include <string>
#include <vector>

#include "musl/model.h"
#include "musl/pair_scorer.h"
#include "r_convert.h"

namespace {

using ModelPointer = Rcpp::XPtr<musl::Model>;

Rcpp::NumericVector as_vector(const musl::Ranked& ranked) {
  return Rcpp::NumericVector::create(Rcpp::Named("auroc") = ranked.auroc,
                                     Rcpp::Named("auprc") = ranked.auprc);
}

Rcpp::List as_list(const musl::BranchBalance& branch) {
  std::vector<double> auroc, auprc;
  for (const auto& one : branch.permuted) {
    auroc.push_back(one.auroc);
    auprc.push_back(one.auprc);
  }
  return Rcpp::List::create(
      Rcpp::Named("encoder") = branch.encoder,
      Rcpp::Named("n_pairs") = static_cast<double>(branch.n_pairs),
      Rcpp::Named("permuted_auroc") = auroc,
      Rcpp::Named("permuted_auprc") = auprc,
      Rcpp::Named("own") = as_vector(branch.own),
      Rcpp::Named("probe") = as_vector(branch.probe));
}

Rcpp::List as_list(const musl::Balance& balance) {
  Rcpp::List branches;
  for (const auto& branch : balance.branches) {
    branches.push_back(as_list(branch));
  }
  return Rcpp::List::create(
      Rcpp::Named("n_pairs") = static_cast<double>(balance.n_pairs),
      Rcpp::Named("score") = as_vector(balance.score),
      Rcpp::Named("branches") = branches);
}

}  // namespace

// Arguments as of cpp_model_predict(); `pairs` with labels.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_model_balance(SEXP model, Rcpp::Nullable<Rcpp::List> input,
                             std::vector<int> gene_of, Rcpp::List pairs,
                             Rcpp::List options, int repeats, double seed) {
  const musl::Model& fitted = *ModelPointer(model).checked_get();
  const auto asked = musl_r::as_pairs(pairs);
  const auto how = musl_r::as_predict_options(options);
  const musl::BalanceOptions what{repeats, static_cast<std::uint64_t>(seed)};
  const auto judge = [&](const musl::Dataset& data) {
    const musl::PairScorer scorer(fitted, data, asked, how);
    return as_list(scorer.balance(asked, what));
  };
  return musl_r::on_inputs(fitted, input, gene_of, how.threads, judge);
}
