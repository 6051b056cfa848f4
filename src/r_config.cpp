#include <Rcpp.h>

#include <type_traits>

#include "data/config.h"
#include "model/backend.h"
#include "r_convert.h"

namespace {

/// The rule of a field, by the names of its type's members.
Rcpp::List as_list(const musl::Range& range) {
  return Rcpp::List::create(Rcpp::Named("low") = range.low,
                            Rcpp::Named("high") = range.high,
                            Rcpp::Named("open_low") = range.open_low,
                            Rcpp::Named("open_high") = range.open_high);
}

Rcpp::List as_list(const musl::Choice& choice) {
  return Rcpp::List::create(Rcpp::Named("choices") = choice.values);
}

Rcpp::List as_list(const musl::Subset& subset) {
  return Rcpp::List::create(Rcpp::Named("some_of") = subset.values,
                            Rcpp::Named("or") = subset.none);
}

Rcpp::List as_list(musl::Registered) { return {}; }
Rcpp::List as_list(musl::DeviceName) { return {}; }
Rcpp::List as_list(musl::AnyText) { return {}; }

template <class Config>
Rcpp::List fields_of() {
  const Config config;
  Rcpp::List fields;
  musl::visit_fields(config, [&fields](const char* name, const auto& value,
                                       const auto& rule) {
    fields.push_back(Rcpp::List::create(Rcpp::Named("default") = value,
                                        Rcpp::Named("rule") = as_list(rule)),
                     name);
  });
  return fields;
}

}  // namespace

// The core's list of fields: for each configuration a named list with a
// list(default, rule) per field; a rule has `low`, `high` and the open ends, or
// `choices`, or `some_of` and `or`, or nothing.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_config_fields() {
  return Rcpp::List::create(
      Rcpp::Named("architecture") = fields_of<musl::ArchitectureConfig>(),
      Rcpp::Named("control") = fields_of<musl::ControlConfig>());
}

// For each encoder, by name, a list with the kinds of data of each of its
// inputs, of which any suffices.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_encoders() {
  Rcpp::List encoders;
  for (const auto& encoder : musl::backend().encoder_list()) {
    encoders.push_back(Rcpp::wrap(encoder.inputs), encoder.name);
  }
  return encoders;
}

// [[Rcpp::export(rng = false)]]
void cpp_check_architecture(Rcpp::List fields) {
  (void)musl_r::as_architecture(fields);
}

// [[Rcpp::export(rng = false)]]
void cpp_check_control(Rcpp::List fields) { (void)musl_r::as_control(fields); }
