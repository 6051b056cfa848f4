#include <Rcpp.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "expression/histogram_maps.h"
#include "model/feature_scorer.h"
#include "model/network_scorer.h"
#include "model/scorer.h"
#include "r_callback.h"
#include "r_convert.h"

namespace {

using ModelPointer = Rcpp::XPtr<musl::Model>;
using MeasuredPointer = Rcpp::XPtr<musl::MeasuredModel>;
using StorePointer = Rcpp::XPtr<musl::GeneStore>;
using ScorerPointer = Rcpp::XPtr<musl::Scorer>;
using TilePointer = Rcpp::XPtr<musl::TileScorer>;

/// `told`: whether scorers tell it, also of no pair.
Rcpp::RObject vector_or_null(const std::vector<double>& x, bool told = false) {
  return x.empty() && !told ? R_NilValue : Rcpp::wrap(x);
}

/// With column names, unless there is none; NULL without columns.
Rcpp::RObject matrix_or_null(const musl::Matrix& x,
                             const std::vector<std::string>& names) {
  if (x.cols() == 0) return R_NilValue;
  Rcpp::NumericMatrix out = musl_r::as_matrix(x);
  if (!names.empty()) Rcpp::colnames(out) = Rcpp::wrap(names);
  return out;
}

/// NULL for what the scorers do not tell.
Rcpp::List as_list(const musl::Prediction& said) {
  const bool none = said.score.empty() && !said.scorers.empty();
  const Rcpp::RObject measured =
      said.measured.empty() ? R_NilValue
                            : Rcpp::wrap(std::vector<int>(said.measured.begin(),
                                                          said.measured.end()));
  return Rcpp::List::create(
      Rcpp::Named("score") = said.score,
      Rcpp::Named("probability") = vector_or_null(said.probability, none),
      Rcpp::Named("list_order") = vector_or_null(said.list_order),
      Rcpp::Named("relation") = vector_or_null(said.relation, none),
      Rcpp::Named("single_gene") = vector_or_null(said.single_gene, none),
      Rcpp::Named("measured") = measured,
      Rcpp::Named("gate") = matrix_or_null(said.gates, said.encoders),
      Rcpp::Named("branch") = matrix_or_null(said.branch_scores, said.encoders),
      Rcpp::Named("scorer") = matrix_or_null(said.scorer_scores, said.scorers),
      Rcpp::Named("embedding") = matrix_or_null(said.embedding, {}));
}

/// list(sum, sl, annotation: of cpp_annotation_load() or NULL)
musl::PartnerRequest as_order(const Rcpp::List& order) {
  musl::PartnerRequest out;
  out.sum = static_cast<musl::SumEvidence>(Rcpp::as<int>(order["sum"]));
  out.sl = musl_r::as_pairs(order["sl"]);
  const SEXP annotation = order["annotation"];
  if (!Rf_isNull(annotation)) {
    out.annotation = StorePointer(annotation).checked_get();
  }
  return out;
}

Rcpp::List as_list(const musl::AttributedInput& input) {
  return Rcpp::List::create(
      Rcpp::Named("input") = input.name, Rcpp::Named("term") = input.term,
      Rcpp::Named("value") = input.value,
      Rcpp::Named("reference") = input.reference,
      Rcpp::Named("contribution") = input.contribution,
      Rcpp::Named("order") = input.order, Rcpp::Named("words") = input.words,
      Rcpp::Named("beyond") =
          std::vector<bool>(input.beyond.begin(), input.beyond.end()));
}

/// Genes as numbers from 1.
Rcpp::List as_list(const std::vector<musl::AttributedGene>& genes) {
  std::vector<int> gene, partner, is_sl;
  std::vector<double> contribution;
  for (const auto& one : genes) {
    gene.push_back(one.gene + 1);
    partner.push_back(one.partner + 1);
    is_sl.push_back(one.is_sl ? 1 : 0);
    contribution.push_back(one.contribution);
  }
  return Rcpp::List::create(
      Rcpp::Named("gene") = gene, Rcpp::Named("partner") = partner,
      Rcpp::Named("is_sl") = is_sl, Rcpp::Named("contribution") = contribution);
}

Rcpp::List as_list(const std::vector<musl::AttributedBranch>& branches) {
  std::vector<std::string> name;
  std::vector<double> logit, weight, gate;
  for (const auto& one : branches) {
    name.push_back(one.name);
    logit.push_back(one.logit);
    weight.push_back(one.weight);
    gate.push_back(one.gate);
  }
  return Rcpp::List::create(
      Rcpp::Named("branch") = name, Rcpp::Named("logit") = logit,
      Rcpp::Named("weight") = weight, Rcpp::Named("gate") = gate);
}

Rcpp::List as_list(const musl::Attribution& why) {
  Rcpp::List inputs;
  for (const auto& input : why.inputs) inputs.push_back(as_list(input));
  return Rcpp::List::create(
      Rcpp::Named("score") = why.score, Rcpp::Named("order") = why.order,
      Rcpp::Named("reference_score") = why.reference_score,
      Rcpp::Named("steps") = why.steps, Rcpp::Named("error") = why.error,
      Rcpp::Named("inputs") = inputs,
      Rcpp::Named("branches") = as_list(why.branches),
      Rcpp::Named("partners") = as_list(why.partners),
      Rcpp::Named("neighbours") = as_list(why.neighbours));
}

/// Ends of a gene's bins in a view of an assay, NA if they are shares of
/// samples or the gene is absent.
Rcpp::NumericVector bin_range(const musl::ExpressionCohort& cohort,
                              const musl::AssayFeatures& view,
                              std::int32_t gene) {
  const auto row = cohort.row_of_gene[static_cast<std::size_t>(gene)];
  if (row < 0 || cohort.config.binning != musl::BinMethod::value) {
    return {NA_REAL, NA_REAL};
  }
  const auto at = static_cast<std::size_t>(row);
  return {view.edges.lower[at], view.edges.upper[at]};
}

Rcpp::List channels_of(const musl::ExpressionCohort& cohort,
                       const musl::PairSet& pair) {
  Rcpp::List range_a, range_b;
  for (std::size_t v = 0; v < cohort.n_views(); ++v) {
    for (std::size_t i = 0; i < cohort.assays.size(); ++i) {
      range_a.push_back(bin_range(cohort, cohort.view(v, i), pair.a[0]));
      range_b.push_back(bin_range(cohort, cohort.view(v, i), pair.b[0]));
    }
  }
  return Rcpp::List::create(
      Rcpp::Named("name") = cohort.name,
      Rcpp::Named("bins") = cohort.config.bins,
      Rcpp::Named("n_samples") = static_cast<double>(cohort.n_samples),
      Rcpp::Named("has_pair") = cohort.has_pair(pair.a[0], pair.b[0]),
      Rcpp::Named("channels") = musl::raw_channels(cohort),
      Rcpp::Named("n_assays") = static_cast<int>(cohort.assays.size()),
      Rcpp::Named("range_a") = range_a, Rcpp::Named("range_b") = range_b);
}

Rcpp::List as_list(const musl::Attribution& why, const musl::Dataset* data,
                   const musl::PairSet& pair) {
  Rcpp::List out = as_list(why);
  Rcpp::List cohorts;
  if (data != nullptr) {
    for (const auto& cohort : data->cohorts) {
      cohorts.push_back(channels_of(cohort, pair));
    }
  }
  out["cohorts"] = cohorts;
  return out;
}

}  // namespace

// The MuSL network on `input`, of dataset_input(), or on the model's own inputs
// if that is NULL.
// gene_of  see musl::make_dataset()
// keep     TRUE to keep what the networks compute of the genes
// [[Rcpp::export(rng = false)]]
SEXP cpp_network_scorer(SEXP model, Rcpp::Nullable<Rcpp::List> input,
                        std::vector<int> gene_of, bool keep, int threads) {
  const musl::Model& fitted = *ModelPointer(model).checked_get();
  if (input.isNull()) {
    return musl_r::hand_over(musl::network_scorer(fitted, nullptr));
  }
  auto data = musl_r::prediction_dataset(fitted, Rcpp::List(input.get()),
                                         gene_of, threads);
  return musl_r::hand_over(
      keep ? musl::network_scorer(fitted.on(std::move(data)), nullptr)
           : musl::network_scorer(
                 fitted, std::make_unique<musl::Dataset>(std::move(data))));
}

// The scorers that read features, of a store over the genes that `gene_of` maps
// to the model's; NULL: the model's own store.
// [[Rcpp::export(rng = false)]]
SEXP cpp_feature_scorer(SEXP model, SEXP store,
                        std::vector<std::int32_t> gene_of) {
  const musl::MeasuredModel& known = *MeasuredPointer(model).checked_get();
  const bool own = Rf_isNull(store);
  return musl_r::hand_over(
      musl::feature_scorer(
          known, own ? known.store : *StorePointer(store).checked_get(),
          own ? std::vector<std::int32_t>{} : std::move(gene_of)),
      Rcpp::List::create(model, store));
}

// options  of scoring_options()
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_score_pairs(SEXP scorer, Rcpp::List pairs, Rcpp::List options,
                           SEXP callback) {
  musl_r::RSink sink(callback);
  return as_list(ScorerPointer(scorer).checked_get()->score(
      musl_r::as_pairs(pairs), musl_r::as_predict_options(options),
      sink.events()));
}

// request  list(pairs, reference, sl, annotation: of cpp_annotation_load() or
//          NULL; sum: 0 never, 1 if it tells, 2 always, 3 the relation alone)
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_partner_lists(SEXP scorer, Rcpp::List request,
                             Rcpp::List options, SEXP callback) {
  musl::PartnerRequest asked = as_order(request);
  asked.pairs = musl_r::as_pairs(request["pairs"]);
  asked.reference = Rcpp::as<std::vector<std::int32_t>>(request["reference"]);
  musl_r::RSink sink(callback);
  const auto lists = ScorerPointer(scorer).checked_get()->lists(
      asked, musl_r::as_predict_options(options), sink.events());
  Rcpp::List out = as_list(lists);
  out["rank_by"] = lists.rank_by;
  out["reference"] = vector_or_null(lists.reference);
  out["combined"] = lists.combined;
  return out;
}

// Explains the first of the pairs in full, compared with the others.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_explain_pairs(SEXP scorer, Rcpp::List pairs,
                             Rcpp::List options) {
  const musl::Scorer& known = *ScorerPointer(scorer).checked_get();
  const auto asked = musl_r::as_pairs(pairs);
  Rcpp::List out;
  for (const auto& why :
       known.explain(asked, musl_r::as_predict_options(options))) {
    out.push_back(as_list(why, known.data(), asked));
  }
  return out;
}

// The features that scorers read of pairs, by name; no columns without any.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_scorer_features(SEXP scorer, Rcpp::List pairs,
                                        int threads) {
  const musl::Scorer& known = *ScorerPointer(scorer).checked_get();
  Rcpp::NumericMatrix out =
      musl_r::as_matrix(known.features(musl_r::as_pairs(pairs), threads));
  Rcpp::colnames(out) = Rcpp::wrap(known.feature_names());
  return out;
}

// order  list(sum, sl, annotation) of cpp_partner_lists()
// [[Rcpp::export(rng = false)]]
SEXP cpp_tile_scorer(SEXP scorer, Rcpp::List options, Rcpp::List order) {
  return musl_r::hand_over(
      ScorerPointer(scorer).checked_get()->tiles(
          musl_r::as_predict_options(options), as_order(order)),
      Rcpp::List::create(scorer, order));
}

// (genes) what take_off_means() of lists needs of each gene; none if it is not
// used.
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_atlas_mean_scores(SEXP scorer,
                                          std::vector<std::int32_t> genes,
                                          std::vector<std::int32_t> others) {
  return TilePointer(scorer).checked_get()->mean_scores(genes, others);
}

// What orders a list once its shortlist is ranked by what scores have above
// each candidate's mean.
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_take_off_means(std::vector<double> order,
                                       std::vector<double> mean) {
  musl::take_off_means(mean, &order);
  return order;
}
