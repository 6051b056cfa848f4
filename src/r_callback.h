#pragma once

#include <Rcpp.h>

#include <chrono>

#include "base/events.h"

namespace musl_r {

/// Checks for an interrupt by the user, on the main thread; false: stop.
[[nodiscard]] inline bool may_go_on() {
  const auto check = [](void*) { R_CheckUserInterrupt(); };
  return R_ToplevelExec(check, nullptr) == TRUE;
}

/// Passes the core's events to an R function and checks for interrupts, on the
/// main thread.
///
/// Batch events reach R at most five times a second; phases and epochs always
/// do. Any R error, interrupt or jump to top level ends inside R_ToplevelExec,
/// so that no R jump crosses a C++ frame; the core is asked to stop instead.
class RSink {
 public:
  /// callback  function(event) -> TRUE to go on, or NULL: interrupts only
  explicit RSink(SEXP callback) : callback_(callback) {}

  /// The sink to pass to the core; this object must outlive it.
  [[nodiscard]] musl::EventSink events() {
    return [this](const musl::TrainEvent& event) { return report(event); };
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Call {
    SEXP callback;
    const musl::TrainEvent* event;
    bool go_on;
  };

  bool report(const musl::TrainEvent& event) {
    if (!may_go_on()) return false;
    if (Rf_isNull(callback_) || !is_due(event)) return true;
    Call call{callback_, &event, false};
    return R_ToplevelExec(call_r, &call) == TRUE && call.go_on;
  }

  bool is_due(const musl::TrainEvent& event) {
    const auto now = Clock::now();
    const bool often = event.kind == musl::TrainEvent::Kind::batch ||
                       event.kind == musl::TrainEvent::Kind::predict;
    if (often && now - last_ < std::chrono::milliseconds(200)) return false;
    last_ = now;
    return true;
  }

  // Plain C inside: a jump out of here must not skip a destructor.
  static void call_r(void* data) {
    auto* call = static_cast<Call*>(data);
    const SEXP event = PROTECT(as_event(*call->event));
    const SEXP expression = PROTECT(Rf_lang2(call->callback, event));
    const SEXP answer = PROTECT(Rf_eval(expression, R_GlobalEnv));
    call->go_on = Rf_asLogical(answer) == TRUE;
    UNPROTECT(3);
  }

  static SEXP as_event(const musl::TrainEvent& event) {
    static const char* kinds[] = {"phase", "batch", "epoch", "predict"};
    const char* names[] = {"kind",  "phase",       "phase_index", "n_phases",
                           "epoch", "n_epochs",    "batch",       "n_batches",
                           "loss",  "valid_auprc", "valid_auroc", "seconds",
                           ""};
    const double numbers[] = {static_cast<double>(event.phase_index),
                              static_cast<double>(event.n_phases),
                              static_cast<double>(event.epoch),
                              static_cast<double>(event.n_epochs),
                              static_cast<double>(event.batch),
                              static_cast<double>(event.n_batches),
                              event.loss,
                              event.valid_auprc,
                              event.valid_auroc,
                              event.seconds};
    const SEXP out = PROTECT(Rf_mkNamed(VECSXP, names));
    SET_VECTOR_ELT(out, 0, Rf_mkString(kinds[static_cast<int>(event.kind)]));
    SET_VECTOR_ELT(out, 1, Rf_mkString(event.phase.c_str()));
    for (int i = 0; i < 10; ++i) {
      SET_VECTOR_ELT(out, i + 2, Rf_ScalarReal(numbers[i]));
    }
    UNPROTECT(1);
    return out;
  }

  SEXP callback_;  // an argument of the running .Call, so R protects it
  Clock::time_point last_{};
};

}  // namespace musl_r
