#include <Rcpp.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "features/evidence.h"
#include "features/gene_status.h"
#include "features/label_doubts.h"
#include "features/store_evidence.h"
#include "io/archive.h"
#include "io/archive_file.h"
#include "io/archive_pack.h"
#include "learners/gene_coverage.h"
#include "learners/measured_archive.h"
#include "learners/measured_fit.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/neural_member.h"
#include "learners/recorded_fit.h"
#include "learners/scorer_kind.h"
#include "learners/scorer_weights.h"
#include "learners/studies_left_out.h"
#include "learners/weigh_measured.h"
#include "model/backend.h"
#include "r_callback.h"
#include "r_convert.h"
#include "store/cohorts.h"
#include "store/line_expression.h"

namespace {

using StorePointer = Rcpp::XPtr<musl::GeneStore>;
using MeasuredPointer = Rcpp::XPtr<musl::MeasuredModel>;

template <class Value>
SEXP as_pointer(Value&& made) {
  return musl_r::hand_over(
      std::make_unique<std::decay_t<Value>>(std::forward<Value>(made)));
}

/// The result of measured_input() of R/fit-features.R.
musl::MeasuredPairs as_measured(const Rcpp::List& measured) {
  musl::MeasuredPairs out;
  out.pairs = musl_r::as_pairs(measured);
  out.study = Rcpp::as<std::vector<std::int32_t>>(measured["study"]);
  out.line = Rcpp::as<std::vector<std::int32_t>>(measured["line"]);
  out.query = Rcpp::as<std::vector<std::int32_t>>(measured["query"]);
  out.weight = Rcpp::as<std::vector<float>>(measured["weight"]);
  out.effect = Rcpp::as<std::vector<float>>(measured["effect"]);
  out.studies = Rcpp::as<std::vector<std::string>>(measured["studies"]);
  out.lines = Rcpp::as<std::vector<std::string>>(measured["lines"]);
  return out;
}

constexpr char kFeatures[] = "measured/";
constexpr char kAnnotation[] = "annotation/";

Rcpp::RawVector features_bytes(const musl::MeasuredModel& model) {
  musl::Archive archive;
  musl::put_measured(kFeatures, model, &archive);
  return musl_r::as_raw(musl::write_archive(musl::packed(std::move(archive))));
}

/// list(column, lowest, highest): features whose values screens limit.
Rcpp::List limits_of(const musl::MeasuredModel& model) {
  std::vector<std::string> column;
  std::vector<float> lowest, highest;
  for (std::size_t j = 0; j < model.reach.lowest.size(); ++j) {
    if (!std::isfinite(model.reach.lowest[j])) continue;
    column.push_back(model.columns[j].name);
    lowest.push_back(model.reach.lowest[j]);
    highest.push_back(model.reach.highest[j]);
  }
  return Rcpp::List::create(Rcpp::Named("column") = column,
                            Rcpp::Named("lowest") = lowest,
                            Rcpp::Named("highest") = highest);
}

}  // namespace

// `input` comes from dataset_input(); `parts` has a list for each part of
// evidence by name, as the part reads it.
// [[Rcpp::export(rng = false)]]
SEXP cpp_evidence_store(Rcpp::List input, Rcpp::List parts, int bits,
                        double seed, int threads) {
  const musl_r::HeldInput held(input);
  musl::EvidenceInput made{held.get()};
  made.bits = bits;
  made.take(musl_r::as_field(parts));
  return as_pointer(musl::make_evidence_store(
      made, static_cast<std::uint64_t>(seed), threads));
}

// A store over so many genes with these parts alone.
// [[Rcpp::export(rng = false)]]
SEXP cpp_parts_store(Rcpp::List parts, double n_genes) {
  musl::EvidenceInput input;
  input.n_genes = static_cast<std::int64_t>(n_genes);
  input.take(musl_r::as_field(parts));
  return as_pointer(musl::make_store(input, /*seed=*/1, /*threads=*/1));
}

// [[Rcpp::export(rng = false)]]
Rcpp::DataFrame cpp_evidence_columns(SEXP store) {
  const auto columns =
      musl::evidence_columns(*StorePointer(store).checked_get());
  const auto n = static_cast<R_xlen_t>(columns.size());
  Rcpp::CharacterVector name(n), group(n), words(n);
  Rcpp::LogicalVector of_pair(n), evidence(n);
  Rcpp::IntegerVector monotone(n);
  for (R_xlen_t i = 0; i < n; ++i) {
    const auto& column = columns[static_cast<std::size_t>(i)];
    name[i] = column.name;
    group[i] = column.group;
    of_pair[i] = column.of_pair;
    monotone[i] = column.monotone;
    evidence[i] = column.evidence;
    words[i] = column.words;
  }
  return Rcpp::DataFrame::create(
      Rcpp::Named("column") = name, Rcpp::Named("group") = group,
      Rcpp::Named("of_pair") = of_pair, Rcpp::Named("monotone") = monotone,
      Rcpp::Named("evidence") = evidence, Rcpp::Named("description") = words,
      Rcpp::Named("stringsAsFactors") = false);
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_pair_evidence(SEXP store, Rcpp::List pairs,
                                      int threads) {
  return musl_r::as_matrix(musl::pair_evidence(
      *StorePointer(store).checked_get(), musl_r::as_pairs(pairs), threads));
}

// Names of the scorers of features, in order.
// [[Rcpp::export(rng = false)]]
std::vector<std::string> cpp_scorer_names() { return musl::all_scorer_names(); }

// The scorers fitted to measured pairs, as the bytes of an archive. `recorded`
// may hold no pair; `scorers` names those to fit, none for all; the device of
// `pair_net` is "" without a backend for that one.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_features_fit(SEXP store, Rcpp::List measured,
                                 Rcpp::List recorded,
                                 std::vector<std::string> scorers,
                                 std::string pair_net_device, SEXP start,
                                 std::vector<std::int32_t> gene_of, double seed,
                                 int threads) {
  musl::MeasuredConfig config;
  config.scorers = std::move(scorers);
  if (!pair_net_device.empty()) {
    config.train_neural = [&](const musl::NeuralTraining& training,
                              std::uint64_t own_seed, const auto& go_on) {
      return musl::backend().train_neural(training, own_seed, pair_net_device,
                                          go_on);
    };
  }
  if (!Rf_isNull(start)) {
    config.start.model = std::make_shared<const musl::MeasuredModel>(
        *MeasuredPointer(start).checked_get());
    config.start.gene_of = std::move(gene_of);
  }
  const musl::MeasuredModel model = musl::fit_measured(
      *StorePointer(store).checked_get(), as_measured(measured),
      musl_r::as_pairs(recorded), config, static_cast<std::uint64_t>(seed),
      threads, musl_r::may_go_on);
  return features_bytes(model);
}

// list(study, auroc, lower, upper): how the others rank the studies with enough
// hits
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_studies_left_out(SEXP store, Rcpp::List measured, double seed,
                                int threads) {
  const auto pairs = as_measured(measured);
  std::vector<std::string> study;
  std::vector<double> auroc, lower, upper;
  for (const auto& found :
       musl::studies_left_out(*StorePointer(store).checked_get(), pairs, {},
                              static_cast<std::uint64_t>(seed), threads)) {
    study.push_back(pairs.studies.at(static_cast<std::size_t>(found.study)));
    auroc.push_back(found.auroc.auroc);
    lower.push_back(found.auroc.lower);
    upper.push_back(found.auroc.upper);
  }
  return Rcpp::List::create(
      Rcpp::Named("study") = study, Rcpp::Named("auroc") = auroc,
      Rcpp::Named("lower") = lower, Rcpp::Named("upper") = upper);
}

// The same for recorded pairs alone.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_recorded_fit(SEXP store, Rcpp::List recorded,
                                 std::vector<std::string> scorers,
                                 int threads) {
  musl::RecordedConfig config;
  config.scorers = std::move(scorers);
  const musl::MeasuredModel model = musl::fit_recorded(
      *StorePointer(store).checked_get(), musl_r::as_pairs(recorded), config,
      threads, musl_r::may_go_on);
  return features_bytes(model);
}

// The bytes of a model with these parts in the place of its own.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_features_with_parts(SEXP model, Rcpp::List parts) {
  musl::MeasuredModel known = *MeasuredPointer(model).checked_get();
  musl::EvidenceInput input;
  input.n_genes = known.store.n_genes;
  const musl::Field brought = musl_r::as_field(parts);
  input.take(brought);
  musl::replace_parts(input, brought.names, &known.store);
  return features_bytes(known);
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_features_load(Rcpp::RawVector bytes) {
  return as_pointer(musl::read_measured(
      kFeatures, musl::unpacked(musl::read_archive(
                     bytes.begin(), static_cast<std::size_t>(bytes.size())))));
}

// list(scorers, weights, rates, profiles, screens: whether pairs were measured,
// unexplained, limits: of limits_of(), start: weight of a model to start from,
// 0 for none)
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_features_info(SEXP model) {
  const musl::MeasuredModel& known = *MeasuredPointer(model).checked_get();
  const auto scorers = musl::scorer_names(known);
  std::vector<std::string> rates;
  for (const auto& rate : known.rates) rates.push_back(rate.name);
  const auto& cohorts = known.store.part<musl::Cohorts>();
  const bool profiles =
      std::any_of(cohorts.begin(), cohorts.end(),
                  [](const auto& cohort) { return !cohort.profile.empty(); });
  return Rcpp::List::create(
      Rcpp::Named("scorers") = scorers,
      Rcpp::Named("weights") = musl::score_weights(known, scorers),
      Rcpp::Named("rates") = rates, Rcpp::Named("profiles") = profiles,
      Rcpp::Named("screens") = known.has_measured(),
      Rcpp::Named("unexplained") = known.unexplained,
      Rcpp::Named("limits") = limits_of(known),
      Rcpp::Named("start") = known.start.model ? known.start.weight : 0.0);
}

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_hit_probabilities(std::vector<double> log_odds,
                                          double prior, double unexplained) {
  for (auto& value : log_odds) {
    value = musl::hit_probability(value, prior, unexplained);
  }
  return log_odds;
}

// (G) what rates of studies or lines add to scores by gene
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_rate_terms(SEXP model, std::string name) {
  return musl::rate_terms(*MeasuredPointer(model).checked_get(), name);
}

// list(gene_a, gene_b, hit) of the pairs that the model learned from
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_measured_pairs(SEXP model) {
  const musl::PairSet out =
      musl::measured_pairs(*MeasuredPointer(model).checked_get());
  return Rcpp::List::create(Rcpp::Named("gene_a") = out.a,
                            Rcpp::Named("gene_b") = out.b,
                            Rcpp::Named("hit") = out.label);
}

// What partner lists of networks read of a store, or if that is NULL of a
// model of features, as the bytes of an archive; and back, over the genes
// that `gene_of` maps to the store's.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_annotation_pack(SEXP store, SEXP model) {
  musl::Archive archive;
  musl::put_evidence(kAnnotation,
                     musl::annotation_of(musl_r::store_of(store, model)),
                     &archive);
  return musl_r::as_raw(musl::write_archive(musl::packed(std::move(archive))));
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_annotation_load(Rcpp::RawVector bytes,
                         std::vector<std::int32_t> gene_of) {
  auto store = musl::read_evidence(
      kAnnotation, musl::unpacked(musl::read_archive(
                       bytes.begin(), static_cast<std::size_t>(bytes.size()))));
  if (gene_of.empty()) return as_pointer(std::move(store));
  return as_pointer(musl::remap_evidence(store, gene_of));
}

// What a model knows of its genes: columns of one row a gene.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_gene_coverage(SEXP model) {
  const musl::GeneCoverage known =
      musl::gene_coverage(*MeasuredPointer(model).checked_get());
  return Rcpp::List::create(Rcpp::Named("n_cohorts") = known.cohorts,
                            Rcpp::Named("n_interactions") = known.interactions,
                            Rcpp::Named("n_terms") = known.terms,
                            Rcpp::Named("n_families") = known.families,
                            Rcpp::Named("n_modules") = known.modules,
                            Rcpp::Named("n_measured") = known.measured,
                            Rcpp::Named("n_hits") = known.hits);
}

// The evidence of `store` over the genes that `gene_of` maps to the model's,
// completed by the evidence in the model.
// [[Rcpp::export(rng = false)]]
SEXP cpp_features_complete(SEXP model, SEXP store,
                           std::vector<std::int32_t> gene_of) {
  const musl::MeasuredModel& known = *MeasuredPointer(model).checked_get();
  return as_pointer(
      musl::complete_evidence(*StorePointer(store).checked_get(),
                              musl::remap_evidence(known.store, gene_of)));
}

// 0 for pairs whose labels count, 1 if neither gene is expressed, 2 if their
// proteins are nearly identical.
// [[Rcpp::export(rng = false)]]
std::vector<int> cpp_label_doubts(SEXP store, Rcpp::List pairs) {
  std::vector<int> out;
  for (const auto doubt : musl::label_doubts(*StorePointer(store).checked_get(),
                                             musl_r::as_pairs(pairs))) {
    out.push_back(static_cast<int>(doubt));
  }
  return out;
}

// Cell lines whose levels a store has, by default the model's.
// [[Rcpp::export(rng = false)]]
std::vector<std::string> cpp_line_names(SEXP model, SEXP store) {
  return musl_r::store_of(store, model).part<musl::LineExpression>().names;
}

// (G, lines) log2(x + 1) of genes in lines, numbered from 0; NaN where unknown.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_line_levels(SEXP model, SEXP store,
                                    std::vector<int> lines) {
  const musl::GeneStore& known = musl_r::store_of(store, model);
  const auto& levels = known.part<musl::LineExpression>();
  Rcpp::NumericMatrix out(static_cast<int>(known.n_genes),
                          static_cast<int>(lines.size()));
  for (int l = 0; l < out.ncol(); ++l) {
    const auto level = levels.levels(lines[static_cast<std::size_t>(l)]);
    std::copy(level.begin(), level.end(), out.column(l).begin());
  }
  return out;
}

// Without profiles over samples, which are data of individuals: correlations
// then count as missing.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_features_strip(SEXP model) {
  musl::MeasuredModel stripped = *MeasuredPointer(model).checked_get();
  for (auto& cohort : stripped.store.part<musl::Cohorts>()) cohort.profile = {};
  return features_bytes(stripped);
}
