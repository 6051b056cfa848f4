#include <Rcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "io/archive_file.h"
#include "io/archive_pack.h"
#include "judge/label_metrics.h"
#include "model/backend.h"
#include "muse/interactions.h"
#include "muse/node_set.h"
#include "r_callback.h"
#include "r_convert.h"
#include "r_nodes.h"

namespace {

using InteractionPointer =
    Rcpp::XPtr<std::shared_ptr<const musl::InteractionModel>>;

/// list(a, b, label), 0-based; label a matrix or NULL.
musl::LabelledPairs as_labelled(const Rcpp::List& pairs) {
  musl::LabelledPairs out;
  out.a = Rcpp::as<std::vector<std::int32_t>>(pairs["a"]);
  out.b = Rcpp::as<std::vector<std::int32_t>>(pairs["b"]);
  const SEXP label = pairs["label"];
  if (!Rf_isNull(label)) out.label = musl_r::as_float_matrix(label);
  return out;
}

musl::InteractionConfig as_interaction_config(const Rcpp::List& fields) {
  musl::InteractionConfig config;
  config.task = Rcpp::as<std::string>(fields["task"]);
  config.width = Rcpp::as<int>(fields["width"]);
  config.dropout = Rcpp::as<double>(fields["dropout"]);
  config.known_edges = Rcpp::as<bool>(fields["known_edges"]);
  config.strategy = Rcpp::as<std::string>(fields["strategy"]);
  const Rcpp::List em = fields["em"];
  config.em.iterations = Rcpp::as<int>(em["iterations"]);
  config.em.prior = Rcpp::as<double>(em["prior"]);
  return config;
}

musl::InteractionData as_interaction_data(const Rcpp::List& input) {
  musl::InteractionData data;
  const Rcpp::List nodes = input["nodes"];
  for (R_xlen_t i = 0; i < nodes.size(); ++i) {
    data.nodes.push_back(musl_r::as_nodes(nodes[i]));
  }
  data.training = as_labelled(input["training"]);
  data.validation = as_labelled(input["validation"]);
  data.held_out = as_labelled(input["held_out"]);
  data.unlabelled = as_labelled(input["unlabelled"]);
  data.has_network = Rcpp::as<bool>(input["has_network"]);
  data.edge_from = Rcpp::as<std::vector<std::int32_t>>(input["edge_from"]);
  data.edge_to = Rcpp::as<std::vector<std::int32_t>>(input["edge_to"]);
  return data;
}

Rcpp::DataFrame as_em(const std::vector<musl::EmRecord>& records) {
  std::vector<int> member, iteration;
  std::vector<double> fused, n_pairs, share;
  Rcpp::LogicalVector best(static_cast<R_xlen_t>(records.size()));
  for (std::size_t i = 0; i < records.size(); ++i) {
    member.push_back(records[i].member);
    iteration.push_back(records[i].iteration);
    fused.push_back(records[i].fused);
    n_pairs.push_back(static_cast<double>(records[i].n_pairs));
    share.push_back(records[i].share_positive);
    best[static_cast<R_xlen_t>(i)] = records[i].best;
  }
  return Rcpp::DataFrame::create(
      Rcpp::Named("member") = member, Rcpp::Named("iteration") = iteration,
      Rcpp::Named("valid_fused") = fused, Rcpp::Named("n_unlabelled") = n_pairs,
      Rcpp::Named("share_positive") = share, Rcpp::Named("best") = best);
}

}  // namespace

// Why each node is unreadable, "" for readable nodes.
// [[Rcpp::export(rng = false)]]
std::vector<std::string> cpp_node_faults(Rcpp::List nodes) {
  return musl::node_faults(musl_r::as_nodes(nodes));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_interactions_fit(Rcpp::List input, Rcpp::List config,
                                Rcpp::List control, int members,
                                SEXP callback) {
  const auto how = musl_r::as_control(control);
  musl_r::RSink sink(callback);
  const musl::InteractionFit fit = musl::backend().fit_interactions(
      as_interaction_config(config), how, members, as_interaction_data(input),
      sink.events());
  return Rcpp::List::create(
      Rcpp::Named("bytes") = musl_r::as_raw(musl::write_archive(fit.archive)),
      Rcpp::Named("history") = musl_r::as_history(fit.history),
      Rcpp::Named("em") = as_em(fit.em),
      Rcpp::Named("cancelled") = fit.cancelled,
      Rcpp::Named("converged") = fit.converged);
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_interactions_load(Rcpp::RawVector bytes) {
  auto model = std::make_unique<std::shared_ptr<const musl::InteractionModel>>(
      musl::backend().read_interactions(musl::unpacked(musl::read_archive(
          bytes.begin(), static_cast<std::size_t>(bytes.size())))));
  return musl_r::hand_over(std::move(model));
}

// [[Rcpp::export(rng = false)]]
double cpp_interactions_size(SEXP model) {
  return static_cast<double>(
      (*InteractionPointer(model).checked_get())->n_parameters());
}

// Probabilities from which on a label is called, by scorer.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_interactions_thresholds(SEXP model) {
  const musl::LabelThresholds t =
      (*InteractionPointer(model).checked_get())->thresholds();
  return Rcpp::NumericVector::create(
      Rcpp::Named("fused") = t.fused, Rcpp::Named("structure") = t.structure,
      Rcpp::Named("network") = t.network,
      Rcpp::Named("kernels") = musl::kUsualThreshold,
      Rcpp::Named("profile") = t.profile, Rcpp::Named("links") = t.links,
      Rcpp::Named("node_mean") = t.node_mean);
}

// list(fused, structure, network, kernels, profile, links, node_mean,
// n_unseen); kernels, profile and links have no columns if there are none.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_interactions_score(SEXP model, Rcpp::List pairs, int threads,
                                  SEXP callback) {
  musl_r::RSink sink(callback);
  const musl::InteractionScores found =
      (*InteractionPointer(model).checked_get())
          ->score(as_labelled(pairs), threads, sink.events());
  return Rcpp::List::create(
      Rcpp::Named("fused") = musl_r::as_matrix(found.fused),
      Rcpp::Named("structure") = musl_r::as_matrix(found.structure),
      Rcpp::Named("network") = musl_r::as_matrix(found.network),
      Rcpp::Named("kernels") = musl_r::as_matrix(found.kernels),
      Rcpp::Named("profile") = musl_r::as_matrix(found.profile),
      Rcpp::Named("links") = musl_r::as_matrix(found.links),
      Rcpp::Named("node_mean") = musl_r::as_matrix(found.node_mean),
      Rcpp::Named("n_unseen") = found.n_unseen);
}

// Named metrics of score and label, (n, C) each.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_label_metrics(Rcpp::NumericMatrix score,
                                      Rcpp::NumericMatrix label,
                                      double threshold) {
  const musl::LabelMetrics out =
      musl::label_metrics(musl_r::as_float_matrix(score),
                          musl_r::as_float_matrix(label), threshold);
  return Rcpp::NumericVector::create(
      Rcpp::Named("micro_f1") = out.micro_f1,
      Rcpp::Named("macro_auprc") = out.macro_auprc,
      Rcpp::Named("macro_auroc") = out.macro_auroc,
      Rcpp::Named("micro_auprc") = out.micro_auprc);
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_affinity_metrics(std::vector<double> found,
                                         std::vector<double> value) {
  const musl::AffinityMetrics out = musl::affinity_metrics(found, value);
  return Rcpp::NumericVector::create(
      Rcpp::Named("concordance") = out.concordance,
      Rcpp::Named("mse") = out.mse, Rcpp::Named("pearson") = out.pearson,
      Rcpp::Named("rm2") = out.rm2);
}
