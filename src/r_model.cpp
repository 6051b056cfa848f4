#include <Rcpp.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/archive.h"
#include "io/archive_file.h"
#include "io/file.h"
#include "model/backend.h"
#include "model/model.h"
#include "r_callback.h"
#include "r_convert.h"

namespace {

using ModelPointer = Rcpp::XPtr<musl::Model>;

musl::Archive parse(const Rcpp::RawVector& bytes) {
  return musl::read_archive(bytes.begin(),
                            static_cast<std::size_t>(bytes.size()));
}

musl::Dataset dataset_of(const musl_r::HeldInput& held,
                         const musl::ArchitectureConfig& architecture,
                         const musl::ControlConfig& control) {
  return musl::make_dataset(held.get(), architecture, /*known=*/nullptr, {},
                            static_cast<std::uint64_t>(control.seed),
                            control.threads);
}

std::vector<musl::TrainingPart> as_parts(const Rcpp::List& list) {
  std::vector<musl::TrainingPart> parts;
  for (R_xlen_t i = 0; i < list.size(); ++i) {
    const Rcpp::List part = list[i];
    parts.push_back({musl_r::as_pairs(part["training"]),
                     musl_r::as_pairs(part["validation"]),
                     musl_r::as_pairs(part["calibration"])});
  }
  return parts;
}

/// Frees each form of a model as soon as the next exists: an ensemble over a
/// genome uses a gigabyte for each.
std::vector<std::uint8_t> bytes_of(musl::Model model) {
  const auto archive = model.to_archive(/*keep_inputs=*/true);
  model = musl::Model(nullptr);
  return musl::write_archive(archive);
}

Rcpp::List as_list(musl::FitResult result) {
  return Rcpp::List::create(
      Rcpp::Named("bytes") = musl_r::as_raw(bytes_of(std::move(result.model))),
      Rcpp::Named("history") = musl_r::as_history(result.history),
      Rcpp::Named("valid_score") = result.valid_score,
      Rcpp::Named("valid_n_unseen") = result.valid_n_unseen,
      Rcpp::Named("cancelled") = result.cancelled,
      Rcpp::Named("converged") = result.converged);
}

}  // namespace

// parts  one list(training, validation, calibration) a member
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_fit(Rcpp::List input, Rcpp::List parts, Rcpp::List architecture,
                   Rcpp::List control, SEXP callback) {
  const musl_r::HeldInput held(input);
  const auto shape = musl_r::as_architecture(architecture);
  const auto how = musl_r::as_control(control);
  musl_r::RSink sink(callback);
  auto data = dataset_of(held, shape, how);
  return as_list(musl::backend().fit(shape, how, std::move(data),
                                     as_parts(parts), sink.events()));
}

// Arguments as in cpp_fit(); member from 1. Returns the bytes of a trained
// member.
// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_fit_member(Rcpp::List input, Rcpp::List parts,
                               Rcpp::List architecture, Rcpp::List control,
                               int member, SEXP callback) {
  const musl_r::HeldInput held(input);
  const auto shape = musl_r::as_architecture(architecture);
  const auto how = musl_r::as_control(control);
  musl_r::RSink sink(callback);
  auto data = dataset_of(held, shape, how);
  return musl_r::as_raw(musl::write_archive(
      musl::backend().fit_member(shape, how, std::move(data), as_parts(parts),
                                 member - 1, sink.events())));
}

// The result of cpp_fit(), from the bytes of each member.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_join_members(Rcpp::List input, Rcpp::List parts,
                            Rcpp::List architecture, Rcpp::List control,
                            Rcpp::List members) {
  const musl_r::HeldInput held(input);
  const auto shape = musl_r::as_architecture(architecture);
  const auto how = musl_r::as_control(control);
  std::vector<musl::Archive> archives;
  for (R_xlen_t i = 0; i < members.size(); ++i) {
    archives.push_back(parse(members[i]));
  }
  return as_list(musl::backend().join_members(
      shape, how, dataset_of(held, shape, how), as_parts(parts), archives));
}

// [[Rcpp::export(rng = false)]]
SEXP cpp_model_load(Rcpp::RawVector bytes) {
  return musl_r::hand_over(
      std::make_unique<musl::Model>(musl::Model::from_archive(parse(bytes))));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_model_info(SEXP model) {
  const musl::Model& fitted = *ModelPointer(model).checked_get();
  return Rcpp::List::create(
      Rcpp::Named("n_parameters") = static_cast<double>(fitted.n_parameters()),
      Rcpp::Named("keeps_inputs") = fitted.keeps_inputs());
}

// [[Rcpp::export(rng = false)]]
Rcpp::RawVector cpp_model_strip(Rcpp::RawVector bytes) {
  const auto model = musl::Model::from_archive(parse(bytes));
  return musl_r::as_raw(
      musl::write_archive(model.to_archive(/*keep_inputs=*/false)));
}

// [[Rcpp::export(rng = false)]]
bool cpp_is_regular_file(std::string path) {
  return musl::is_regular_file(path);
}
