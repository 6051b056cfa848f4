#include <Rcpp.h>

#include <string>
#include <vector>

#include "musl/histogram.h"
#include "musl/measured_model.h"
#include "musl/model.h"
#include "musl/pair_scorer.h"
#include "r_convert.h"

namespace {

using ModelPointer = Rcpp::XPtr<musl::Model>;
using MeasuredPointer = Rcpp::XPtr<musl::MeasuredModel>;
using StorePointer = Rcpp::XPtr<musl::EvidenceStore>;

Rcpp::List as_list(const musl::AttributedInput& input) {
  return Rcpp::List::create(Rcpp::Named("input") = input.name,
                            Rcpp::Named("term") = input.term,
                            Rcpp::Named("value") = input.value,
                            Rcpp::Named("reference") = input.reference,
                            Rcpp::Named("contribution") = input.contribution);
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
      Rcpp::Named("score") = why.score,
      Rcpp::Named("reference_score") = why.reference_score,
      Rcpp::Named("steps") = why.steps, Rcpp::Named("error") = why.error,
      Rcpp::Named("inputs") = inputs,
      Rcpp::Named("branches") = as_list(why.branches),
      Rcpp::Named("partners") = as_list(why.partners),
      Rcpp::Named("neighbours") = as_list(why.neighbours));
}

/// Ends of a gene's bins in a view of an assay, NA if they are shares of
/// samples or the gene is absent.
Rcpp::NumericVector bin_range(const musl::ExpressionSource& source,
                              const musl::AssayFeatures& view,
                              std::int32_t gene) {
  const auto row = source.row_of_gene[static_cast<std::size_t>(gene)];
  if (row < 0 || source.config.binning != musl::BinMethod::value) {
    return {NA_REAL, NA_REAL};
  }
  const auto at = static_cast<std::size_t>(row);
  return {view.edges.lower[at], view.edges.upper[at]};
}

Rcpp::List channels_of(const musl::ExpressionSource& source,
                       const musl::PairSet& pair) {
  Rcpp::List range_a, range_b;
  for (std::size_t v = 0; v < source.n_views(); ++v) {
    for (std::size_t i = 0; i < source.assays.size(); ++i) {
      range_a.push_back(bin_range(source, source.view(v, i), pair.a[0]));
      range_b.push_back(bin_range(source, source.view(v, i), pair.b[0]));
    }
  }
  return Rcpp::List::create(
      Rcpp::Named("name") = source.name,
      Rcpp::Named("bins") = source.config.bins,
      Rcpp::Named("n_samples") = static_cast<double>(source.n_samples),
      Rcpp::Named("has_pair") = source.has_pair(pair.a[0], pair.b[0]),
      Rcpp::Named("channels") = musl::raw_channels(source),
      Rcpp::Named("n_assays") = static_cast<int>(source.assays.size()),
      Rcpp::Named("range_a") = range_a, Rcpp::Named("range_b") = range_b);
}

Rcpp::List explained(const musl::Model& model, const musl::Dataset& data,
                     const musl::PairSet& pairs,
                     const musl::PredictOptions& how) {
  musl::PairSet pair;
  pair.a.assign(1, pairs.a[0]);
  pair.b.assign(1, pairs.b[0]);
  const musl::PairScorer scorer(model, data, pair, how);
  Rcpp::List out = as_list(scorer.attribute(pair.a[0], pair.b[0]));
  // Only the mean of the others is shown: fewer steps will do.
  musl::AttributionOptions rough;
  rough.most_steps = 256;
  Rcpp::List against;
  for (std::size_t i = 1; i < pairs.a.size(); ++i) {
    against.push_back(as_list(scorer.attribute(pairs.a[i], pairs.b[i], rough)));
  }
  out["against"] = against;
  Rcpp::List sources;
  for (const auto& source : data.sources) {
    sources.push_back(channels_of(source, pair));
  }
  out["sources"] = sources;
  return out;
}

}  // namespace

// Arguments as in cpp_model_predict(); explains the first of `pair` in full,
// compared with the others, without a label.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_model_explain(SEXP model, Rcpp::Nullable<Rcpp::List> input,
                             std::vector<int> gene_of, Rcpp::List pair,
                             Rcpp::List options) {
  const musl::Model& fitted = *ModelPointer(model).checked_get();
  const auto asked = musl_r::as_pairs(pair);
  const auto how = musl_r::as_predict_options(options);
  const auto explain = [&](const musl::Dataset& data) {
    return explained(fitted, data, asked, how);
  };
  return musl_r::on_inputs(fitted, input, gene_of, how.threads, explain);
}

// Arguments as of cpp_measured_predict(); `pair` holds one pair.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_measured_explain(SEXP model, SEXP store,
                                std::vector<std::int32_t> gene_of,
                                Rcpp::List pair, Rcpp::List options) {
  const musl::MeasuredModel& known = *MeasuredPointer(model).checked_get();
  musl::MeasuredOptions how;
  how.members = Rcpp::as<std::vector<std::string>>(options["members"]);
  how.threads = Rcpp::as<int>(options["threads"]);
  how.line = Rcpp::as<int>(options["line"]);
  const auto asked = musl_r::as_pairs(pair);
  const bool own = Rf_isNull(store);
  const auto shares = musl::explain_measured(
      known, own ? known.store : *StorePointer(store).checked_get(),
      own ? std::vector<std::int32_t>{} : gene_of, asked.a[0], asked.b[0], how);
  std::vector<std::string> name, group;
  std::vector<bool> of_pair, beyond;
  std::vector<double> value, contribution;
  for (const auto& share : shares) {
    name.push_back(share.name);
    group.push_back(share.group);
    of_pair.push_back(share.of_pair);
    value.push_back(share.value);
    contribution.push_back(share.contribution);
    beyond.push_back(share.beyond);
  }
  const auto members =
      how.members.empty() ? musl::measured_members(known) : how.members;
  return Rcpp::List::create(
      Rcpp::Named("members") = members,
      Rcpp::Named("weights") = musl::score_weights(known, members),
      Rcpp::Named("term") = name, Rcpp::Named("group") = group,
      Rcpp::Named("of_pair") = of_pair, Rcpp::Named("value") = value,
      Rcpp::Named("contribution") = contribution,
      Rcpp::Named("beyond") = beyond);
}
