#include "nn/train/trainer.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/rng.h"
#include "io/archive_file.h"
#include "io/file.h"
#include "nn/base/parameters.h"
#include "nn/train/batch_gradient.h"
#include "nn/train/checkpoint.h"
#include "nn/train/steps.h"

namespace musl::nn {

namespace {

using Clock = std::chrono::steady_clock;
using Kind = TrainEvent::Kind;

constexpr std::chrono::milliseconds kEventInterval{200};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double monitored_of(const EpochRecord& record, const std::string& monitor) {
  return monitored_value(
      {record.valid_loss, record.valid_auroc, record.valid_auprc}, monitor);
}

/// Reports the progress of training to the caller, who may cancel it.
class Progress {
 public:
  /// `sink` must outlive it.
  explicit Progress(const EventSink& sink) : sink_(sink) {}

  /// The next event to report.
  TrainEvent event;

  void start_phase() { phase_start_ = Clock::now(); }
  /// Seconds since the start of the phase.
  [[nodiscard]] double seconds() const { return seconds_since(phase_start_); }

  /// Reports the event; batches at most five times a second. False: cancelled,
  /// also in all later calls.
  [[nodiscard]] bool emit(Kind kind) {
    if (!sink_ || stopped_) return !stopped_;
    const auto now = Clock::now();
    if (kind == Kind::batch && now - last_event_ < kEventInterval) {
      return true;
    }
    last_event_ = now;
    event.kind = kind;
    event.seconds = seconds();
    stopped_ = !sink_(event);
    return !stopped_;
  }
  /// Throws CancelledError instead.
  void emit_or_cancel(Kind kind) {
    if (!emit(kind)) throw CancelledError("Training was interrupted.");
  }

 private:
  const EventSink& sink_;
  bool stopped_ = false;  // the sink cancelled; it may not do so again
  Clock::time_point phase_start_, last_event_;
};

class Trainer {
 public:
  Trainer(Learner* learner, const TrainSettings& settings)
      : learner_(*learner),
        settings_(settings),
        parameters_(parameters_of(learner->module())),
        identity_(learner->identity()),
        progress_(settings.sink),
        at_once_(learner->chunk_size()) {}

  TrainOutcome run() {
    resumed_ = find_checkpoint(settings_.checkpoint, identity_);
    if (resumed_) {
      state_ = state_from_archive(*resumed_, parameters_, n_phases());
    }
    TrainOutcome outcome;
    try {
      while (state_.phase < n_phases()) run_phase();
    } catch (const CancelledError&) {
      const auto trained = [](const EpochRecord& r) { return r.epoch > 0; };
      if (std::none_of(state_.history.begin(), state_.history.end(), trained)) {
        throw;
      }
      finish_phase();
      outcome.cancelled = true;
    }
    learner_.module().eval();
    outcome.history = std::move(state_.history);
    outcome.converged = state_.converged;
    return outcome;
  }

 private:
  // One phase.
  void run_phase() {
    phase_ = learner_.phases()[static_cast<std::size_t>(state_.phase)];
    steps_.emplace(&learner_, settings_, phase_, &at_once_);
    set_up_phase();
    if (resumed_) {
      steps_->optimiser().load("optimiser/", *resumed_);
      resumed_.reset();
    } else {
      start_phase();
    }
    while (!phase_is_over()) run_epoch();
    if (learner_.n_validation() > 0 && state_.best_epoch == phase_.epochs) {
      state_.converged = false;
    }
    finish_phase();
  }

  void set_up_phase() {
    const auto count_batches = [this] {
      const auto size = learner_.batch_items(settings_.batch_size);
      event_.n_batches = (learner_.n_items() + size - 1) / size;
    };
    progress_.start_phase();
    event_.phase = phase_.name;
    event_.phase_index = state_.phase;
    event_.n_phases = n_phases();
    event_.n_epochs = phase_.epochs;
    event_.epoch = state_.epoch;
    event_.batch = 0;
    event_.loss = event_.valid_auprc = event_.valid_auroc = kNaN;
    count_batches();
    learner_.begin_phase(phase_, tick());
    count_batches();
  }

  void start_phase() {
    state_.best = snapshot(parameters_);
    state_.best_metric = kNaN;
    progress_.emit_or_cancel(Kind::phase);
    EpochRecord untrained = evaluate();
    untrained.loss = kNaN;
    untrained.seconds = progress_.seconds();
    state_.history.push_back(untrained);
    progress_.emit_or_cancel(Kind::epoch);
  }

  /// Restores the best weights of the phase and advances to the next phase.
  void finish_phase() {
    restore(state_.best, parameters_);
    for (auto& record : state_.history) {
      if (record.phase == phase_.name && record.epoch > 0 &&
          record.epoch == state_.best_epoch) {
        record.best = true;
      }
    }
    learner_.end_phase(phase_, state_.best_metric);
    ++state_.phase;
    state_.epoch = state_.best_epoch = 0;
  }

  [[nodiscard]] bool phase_is_over() const {
    const bool measured = !std::isnan(state_.best_metric);
    return state_.epoch >= phase_.epochs ||
           (measured && state_.epoch - state_.best_epoch >= phase_.patience);
  }

  /// The monitored value of each epoch of this phase. The schedule depends on
  /// these, and so on the history in a checkpoint.
  [[nodiscard]] std::vector<double> monitored_so_far() const {
    std::vector<double> values;
    for (auto record = state_.history.end() - state_.epoch;
         record != state_.history.end(); ++record) {
      values.push_back(monitored_of(*record, phase_.monitor));
    }
    return values;
  }

  // One epoch.
  void run_epoch() {
    const auto start = Clock::now();
    const std::int64_t n = learner_.n_items();
    const std::int64_t n_batches = event_.n_batches;
    const auto epoch = static_cast<std::uint64_t>(state_.epoch) + 1;
    const auto order = Rng(derive_seed(phase_seed(), 0, epoch)).permutation(n);
    event_.epoch = state_.epoch + 1;
    double loss = 0, rate = 0;
    std::int64_t counted = 0;
    const std::vector<double> so_far = monitored_so_far();
    for (std::int64_t b = 0; b < n_batches; ++b) {
      rate = rate_at(phase_, state_.epoch * n_batches + b,
                     phase_.epochs * n_batches, so_far);
      event_.batch = b + 1;
      const auto results =
          steps_->take({order.begin() + b * n / n_batches,
                        order.begin() + (b + 1) * n / n_batches},
                       rate, event_, phase_seed(), tick(), b + 1 == n_batches);
      for (const BatchResult& result : results) {
        loss += result.monitored;
        counted += result.counted;
      }
      if (!results.empty()) event_.loss = loss / static_cast<double>(counted);
      progress_.emit_or_cancel(Kind::batch);
    }
    EpochRecord record = evaluate();
    record.loss = event_.loss;
    record.learning_rate = rate;
    record.seconds = seconds_since(start);
    finish_epoch(record);
  }

  void finish_epoch(EpochRecord record) {
    const double metric = monitored_of(record, phase_.monitor);
    state_.epoch = record.epoch;
    state_.history.push_back(std::move(record));
    // Without a measure the last epoch counts as the best.
    if (state_.best_epoch == 0 || std::isnan(state_.best_metric) ||
        metric > state_.best_metric) {
      state_.best_epoch = state_.epoch;
      state_.best_metric = metric;
      state_.best = snapshot(parameters_);
    }
    save_checkpoint();
    progress_.emit_or_cancel(Kind::epoch);
  }

  void save_checkpoint() const {
    if (settings_.checkpoint.empty()) return;
    const Archive archive =
        checkpoint_archive(identity_, state_, parameters_, steps_->optimiser());
    write_file(settings_.checkpoint, write_archive(archive));
  }

  /// Evaluates the validation items by the monitored output of this phase.
  [[nodiscard]] EpochRecord evaluate() {
    EpochRecord record;
    record.phase = phase_.name;
    record.epoch = event_.epoch;
    Evaluation found;
    if (const auto n = learner_.n_validation(); n > 0) {
      found = learner_.validate(learner_.score(/*first=*/0, n, tick()));
    }
    if (!found.finite) {
      check_finite(kNaN, "score of a validation pair", event_,
                   phase_.learning_rate);
    }
    record.valid_loss = found.loss;
    record.valid_auroc = event_.valid_auroc = found.auroc;
    record.valid_auprc = event_.valid_auprc = found.auprc;
    return record;
  }

  [[nodiscard]] int n_phases() const {
    return static_cast<int>(learner_.phases().size());
  }

  [[nodiscard]] std::uint64_t phase_seed() const {
    return derive_seed(settings_.seed, 1,
                       static_cast<std::uint64_t>(state_.phase));
  }

  [[nodiscard]] Tick tick() {
    return [this] { return progress_.emit(Kind::batch); };
  }

  Learner& learner_;
  const TrainSettings& settings_;
  NamedParameters parameters_;
  std::string identity_;
  TrainState state_;
  std::optional<Archive> resumed_;
  Progress progress_;
  TrainEvent& event_ = progress_.event;
  std::atomic<std::int64_t> at_once_;  // items, see BatchContext
  // Of the current phase.
  Phase phase_;
  std::optional<Steps> steps_;
};

}  // namespace

TrainSettings train_settings(const ControlConfig& control,
                             const EventSink& sink) {
  return {sink,
          static_cast<std::uint64_t>(control.seed),
          control.batch_size,
          control.clip,
          control.threads,
          control.checkpoint};
}

TrainOutcome train(Learner* learner, const TrainSettings& settings) {
  return Trainer(learner, settings).run();
}

}  // namespace musl::nn
