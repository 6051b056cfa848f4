#include <Rcpp.h>

#include <string>
#include <vector>

#include "musl/plan.h"
#include "r_convert.h"

namespace {

Rcpp::List as_list(const musl::PlannedPhase& phase) {
  return Rcpp::List::create(
      Rcpp::Named("phase") = phase.name, Rcpp::Named("trained") = phase.trained,
      Rcpp::Named("frozen") = phase.frozen, Rcpp::Named("reset") = phase.reset,
      Rcpp::Named("losses") = phase.losses,
      Rcpp::Named("optimiser") = phase.optimiser,
      Rcpp::Named("schedule") = phase.schedule,
      Rcpp::Named("learning_rate") = phase.learning_rate,
      Rcpp::Named("weight_decay") = phase.weight_decay,
      Rcpp::Named("epochs") = phase.epochs,
      Rcpp::Named("patience") = phase.patience,
      Rcpp::Named("monitored") = phase.monitored,
      Rcpp::Named("monitor") = phase.monitor);
}

}  // namespace

// One list per phase; several names as a character vector.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_plan(Rcpp::List architecture, Rcpp::List control) {
  Rcpp::List phases;
  for (const auto& phase :
       musl::training_plan(musl_r::as_architecture(architecture),
                           musl_r::as_control(control))) {
    phases.push_back(as_list(phase));
  }
  return phases;
}

// One list per input: list(input, reads, shape, about, encoders).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_inputs() {
  Rcpp::List inputs;
  for (const auto& input : musl::input_list()) {
    inputs.push_back(Rcpp::List::create(
        Rcpp::Named("input") = input.name, Rcpp::Named("reads") = input.reads,
        Rcpp::Named("shape") = input.shape, Rcpp::Named("about") = input.about,
        Rcpp::Named("encoders") = input.encoders));
  }
  return inputs;
}

// For each encoder, by name, the inputs that it needs.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_encoders() {
  Rcpp::List encoders;
  for (const auto& encoder : musl::encoder_list()) {
    encoders.push_back(Rcpp::wrap(encoder.inputs), encoder.name);
  }
  return encoders;
}
