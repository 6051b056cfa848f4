#include <Rcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "io/archive_file.h"
#include "io/archive_pack.h"
#include "model/backend.h"
#include "muse/interactions.h"
#include "r_callback.h"
#include "r_convert.h"
#include "r_nodes.h"

namespace {

using SitePointer = Rcpp::XPtr<std::shared_ptr<const musl::SiteModel>>;

Rcpp::List as_values(const musl::ResidueValues& values) {
  Rcpp::List out(static_cast<R_xlen_t>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    out[static_cast<R_xlen_t>(i)] =
        Rcpp::NumericVector(values[i].begin(), values[i].end());
  }
  return out;
}

}  // namespace

// input: list(nodes, label, validation); label a list of numbers, one a residue
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_sites_fit(Rcpp::List input, Rcpp::List config,
                         Rcpp::List control, int members, SEXP callback) {
  musl::SiteData data;
  data.nodes = musl_r::as_nodes(Rcpp::as<Rcpp::List>(input["nodes"]));
  data.label = Rcpp::as<musl::ResidueValues>(input["label"]);
  data.validation = Rcpp::as<std::vector<std::uint8_t>>(
      Rcpp::as<Rcpp::RawVector>(input["validation"]));
  musl::SiteConfig how;
  how.width = Rcpp::as<int>(config["width"]);
  how.dropout = Rcpp::as<double>(config["dropout"]);
  musl_r::RSink sink(callback);
  const musl::SiteFit fit = musl::backend().fit_sites(
      how, musl_r::as_control(control), members, data, sink.events());
  return Rcpp::List::create(
      Rcpp::Named("bytes") = musl_r::as_raw(musl::write_archive(fit.archive)),
      Rcpp::Named("history") = musl_r::as_history(fit.history),
      Rcpp::Named("cancelled") = fit.cancelled,
      Rcpp::Named("converged") = fit.converged);
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_sites_load(Rcpp::RawVector bytes) {
  auto model = std::make_unique<std::shared_ptr<const musl::SiteModel>>(
      musl::backend().read_sites(musl::unpacked(musl::read_archive(
          bytes.begin(), static_cast<std::size_t>(bytes.size())))));
  SitePointer pointer(model.get(), /*set_delete_finalizer=*/true);
  (void)model.release();  // R's finalizer owns it now
  return pointer;
}

// [[Rcpp::export(rng = false)]]
double cpp_sites_size(SEXP model) {
  return static_cast<double>(
      (*SitePointer(model).checked_get())->n_parameters());
}

// list(score, residue_mean), each a list of numbers, one per residue
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_sites_score(SEXP model, Rcpp::List nodes, int threads,
                           SEXP callback) {
  musl_r::RSink sink(callback);
  const musl::SiteScores found =
      (*SitePointer(model).checked_get())
          ->score(musl_r::as_nodes(nodes), threads, sink.events());
  return Rcpp::List::create(
      Rcpp::Named("score") = as_values(found.score),
      Rcpp::Named("residue_mean") = as_values(found.residue_mean));
}

// Named metrics of scores and labels (NaN: none), lists of numbers, one a
// residue.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_site_metrics(Rcpp::List score, Rcpp::List label) {
  const musl::SiteMetrics out =
      musl::site_metrics(Rcpp::as<musl::ResidueValues>(score),
                         Rcpp::as<musl::ResidueValues>(label));
  return Rcpp::NumericVector::create(
      Rcpp::Named("auroc") = out.auroc, Rcpp::Named("auprc") = out.auprc,
      Rcpp::Named("auroc_protein") = out.auroc_protein,
      Rcpp::Named("auprc_protein") = out.auprc_protein);
}
