#include "nn/train/trainer.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>
#include <utility>

#include "musl/error.h"
#include "musl/file.h"
#include "musl/rng.h"
#include "nn/base/adamw.h"
#include "nn/base/boundary.h"
#include "nn/infer/predictor.h"
#include "nn/train/batch_gradient.h"
#include "nn/train/checkpoint.h"
#include "nn/train/evaluation.h"
#include "nn/train/score_together.h"

namespace musl::nn {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::chrono::milliseconds kEventInterval{200};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<std::int64_t> shuffled(std::int64_t n, std::uint64_t seed) {
  Rng rng(seed);
  return rng.permutation(n);
}

std::vector<bool> late_encoders(const MuslNetImpl& net) {
  std::vector<bool> late;
  for (const float fused : net.fused_encoders()) late.push_back(fused < 0.5f);
  return late;
}

/// Training and validation pairs, without labels.
PairSet both_parts(const TrainProblem& problem) {
  PairSet all{problem.training.a, problem.training.b, {}};
  const PairSet& more = problem.validation;
  all.a.insert(all.a.end(), more.a.begin(), more.a.end());
  all.b.insert(all.b.end(), more.b.begin(), more.b.end());
  return all;
}

class Trainer {
 public:
  Trainer(MuslNet net, const TrainProblem& problem);
  TrainOutcome run();

 private:
  // One phase.
  void run_phase();
  void set_up_phase();
  void choose_parameters();
  void start_phase();
  void finish_phase();
  [[nodiscard]] bool phase_is_over() const;
  // One epoch.
  void run_epoch();
  [[nodiscard]] BatchResult train_batch(const PairSet& pairs, double rate);
  [[nodiscard]] BatchResult gradient_of(const PairSet& pairs);
  void finish_epoch(EpochRecord record);
  void save_checkpoint() const;
  // Looking and telling.
  [[nodiscard]] EpochRecord evaluate();
  [[nodiscard]] bool emit(TrainEvent::Kind kind);
  void emit_or_cancel(TrainEvent::Kind kind);
  void check_finite(double value, const std::string& what, double rate) const;

  [[nodiscard]] const Phase& phase() const {
    return phases_[static_cast<std::size_t>(state_.phase)];
  }
  [[nodiscard]] bool has_validation() const {
    return problem_.validation.size() > 0;
  }
  [[nodiscard]] std::uint64_t phase_seed() const {
    return derive_seed(static_cast<std::uint64_t>(control_.seed), 1,
                       static_cast<std::uint64_t>(state_.phase));
  }

  MuslNet net_;
  const TrainProblem& problem_;
  const ControlConfig& control_;
  std::vector<Phase> phases_;
  NamedParameters parameters_;
  GeneStage genes_;
  std::string identity_;
  TrainState state_;
  std::optional<Archive> resumed_;
  // Of the current phase.
  std::vector<Tensor> trained_;
  std::optional<Batcher> batcher_;
  std::optional<AdamW> optimiser_;
  TrainEvent event_;
  std::atomic<std::int64_t> at_once_{kChunk};  // pairs, see BatchContext
  bool stopped_ = false;  // the sink said so; it may not say so again
  Clock::time_point phase_start_, last_event_;
};

Trainer::Trainer(MuslNet net, const TrainProblem& problem)
    : net_(std::move(net)),
      problem_(problem),
      control_(problem.control),
      phases_(make_phases(problem.architecture, problem.control,
                          late_encoders(*net_))),
      parameters_(parameters_of(*net_)),
      genes_(net_->gene_encoders(), problem.data, problem.preprocess,
             problem.device, problem.control.threads),
      identity_(run_identity(problem.architecture, problem.control,
                             problem.training, problem.validation,
                             parameters_)) {
  event_.n_phases = static_cast<int>(phases_.size());
  event_.n_batches = (problem_.training.size() + control_.batch_size - 1) /
                     control_.batch_size;
}

TrainOutcome Trainer::run() {
  check_same_work(identity_, problem_.exchange);
  resumed_ = find_checkpoint(control_.checkpoint, identity_);
  if (resumed_) {
    state_ = state_from_archive(*resumed_, parameters_, event_.n_phases);
  }
  TrainOutcome outcome;
  try {
    while (state_.phase < event_.n_phases) run_phase();
  } catch (const CancelledError&) {
    const auto trained = [](const EpochRecord& r) { return r.epoch > 0; };
    if (std::none_of(state_.history.begin(), state_.history.end(), trained)) {
      throw;
    }
    finish_phase();
    outcome.cancelled = true;
  }
  net_->eval();
  outcome.history = std::move(state_.history);
  outcome.converged = state_.converged;
  return outcome;
}

void Trainer::run_phase() {
  set_up_phase();
  if (resumed_) {
    optimiser_->load("optimiser/", *resumed_);
    resumed_.reset();
  } else {
    start_phase();
  }
  while (!phase_is_over()) run_epoch();
  if (has_validation() && state_.best_epoch == phase().epochs) {
    state_.converged = false;
  }
  finish_phase();
}

void Trainer::set_up_phase() {
  choose_parameters();
  batcher_.emplace(problem_.data, problem_.preprocess, problem_.partners,
                   inputs_of(*net_, only_branch(phase())), net_->sizes(),
                   problem_.device);
  phase_start_ = Clock::now();
  event_.phase = phase().name;
  event_.phase_index = state_.phase;
  event_.n_epochs = phase().epochs;
  event_.epoch = state_.epoch;
  event_.batch = 0;
  event_.loss = event_.valid_auprc = event_.valid_auroc = kNaN;
  // In a group an interrupt is met where the processes meet.
  std::function<bool()> tick;
  if (problem_.exchange == nullptr) {
    tick = [this] { return emit(TrainEvent::Kind::batch); };
  }
  batcher_->keep(both_parts(problem_), control_.threads, tick);
}

/// Lets the phase's parameters, and no others, be trained. An encoder without
/// any is frozen: out of training mode it runs without dropout.
void Trainer::choose_parameters() {
  const auto is_trained = [this](const std::string& name) {
    const auto& prefixes = phase().trained;
    return prefixes.empty() ||
           std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const auto& p) { return name.rfind(p, 0) == 0; });
  };
  std::vector<std::string> names;
  trained_.clear();
  for (std::size_t i = 0; i < parameters_.names.size(); ++i) {
    const bool train = is_trained(parameters_.names[i]);
    parameters_.tensors[i].set_requires_grad(train);
    if (!train) continue;
    names.push_back(parameters_.names[i]);
    trained_.push_back(parameters_.tensors[i]);
  }
  for (const auto& encoder : net_->encoders()) {
    encoder->train(is_trained("encoder." + encoder->encoder_name() + "."));
  }
  optimiser_.emplace(names, trained_, control_.weight_decay);
}

void Trainer::start_phase() {
  state_.best = snapshot(parameters_);
  state_.best_metric = kNaN;
  emit_or_cancel(TrainEvent::Kind::phase);
  EpochRecord untrained = evaluate();
  untrained.loss = kNaN;
  untrained.seconds = seconds_since(phase_start_);
  state_.history.push_back(untrained);
  emit_or_cancel(TrainEvent::Kind::epoch);
}

/// The best weights of the phase come back, and the next phase is due.
void Trainer::finish_phase() {
  restore(state_.best, parameters_);
  for (auto& record : state_.history) {
    if (record.phase == phase().name && record.epoch > 0 &&
        record.epoch == state_.best_epoch) {
      record.best = true;
    }
  }
  ++state_.phase;
  state_.epoch = state_.best_epoch = 0;
}

bool Trainer::phase_is_over() const {
  const bool measured = !std::isnan(state_.best_metric);
  return state_.epoch >= phase().epochs ||
         (measured && state_.epoch - state_.best_epoch >= phase().patience);
}

void Trainer::run_epoch() {
  const auto start = Clock::now();
  const std::int64_t n = problem_.training.size();
  const std::int64_t n_batches = event_.n_batches;
  const auto epoch = static_cast<std::uint64_t>(state_.epoch) + 1;
  const auto order = shuffled(n, derive_seed(phase_seed(), 0, epoch));
  event_.epoch = state_.epoch + 1;
  double loss = 0, rate = 0;
  std::int64_t counted = 0;
  for (std::int64_t b = 0; b < n_batches; ++b) {
    const std::int64_t first = b * n / n_batches;
    const std::int64_t last = (b + 1) * n / n_batches;
    rate = one_cycle(state_.epoch * n_batches + b, phase().epochs * n_batches,
                     phase().learning_rate, control_.warmup);
    event_.batch = b + 1;
    const BatchResult result = train_batch(
        take_pairs(problem_.training, order, first, last - first), rate);
    loss += result.monitored;
    counted += result.counted;
    event_.loss = loss / static_cast<double>(counted);
    emit_or_cancel(TrainEvent::Kind::batch);
  }
  EpochRecord record = evaluate();
  record.loss = event_.loss;
  record.learning_rate = rate;
  record.seconds = seconds_since(start);
  finish_epoch(record);
}

BatchResult Trainer::train_batch(const PairSet& pairs, double rate) {
  BatchResult result = gradient_of(pairs);
  check_finite(result.objective, "loss", rate);
  const double norm = clip_gradients(&result.gradients, control_.clip);
  check_finite(norm, "gradient norm", rate);
  optimiser_->step(result.gradients, rate);
  return result;
}

BatchResult Trainer::gradient_of(const PairSet& pairs) {
  const BatchContext context{
      net_,     phase(),          *batcher_,         genes_,
      trained_, control_.threads, problem_.exchange, &at_once_};
  const std::uint64_t seed =
      derive_seed(phase_seed(), static_cast<std::uint64_t>(event_.epoch),
                  static_cast<std::uint64_t>(event_.batch));
  const auto run = [&] {
    return batch_gradient(context, pairs, seed,
                          [this] { return emit(TrainEvent::Kind::batch); });
  };
  try {
    return run();
  } catch (const std::exception& error) {
    // In a group the others wait for no second try.
    if (!is_out_of_memory(error) || problem_.exchange != nullptr ||
        !batcher_->forget()) {
      throw;
    }
    at_once_ = kChunk;  // there is room again
  }
  return run();
}

void Trainer::finish_epoch(EpochRecord record) {
  const double metric =
      control_.monitor == "auroc" ? record.valid_auroc : record.valid_auprc;
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
  emit_or_cancel(TrainEvent::Kind::epoch);
}

void Trainer::save_checkpoint() const {
  if (control_.checkpoint.empty() || is_follower(problem_.exchange)) return;
  write_file(control_.checkpoint,
             write_archive(checkpoint_archive(identity_, state_, parameters_,
                                              *optimiser_)));
}

/// The validation pairs by the logit that this phase monitors.
EpochRecord Trainer::evaluate() {
  EpochRecord record;
  record.phase = phase().name;
  record.epoch = event_.epoch;
  const int branch = phase().monitored_branch;
  const Predictor predictor(net_, problem_.data, *batcher_, genes_);
  ScoreRequest request;
  request.branch = branch;
  if (branch < 0) {
    request.stack = stack_tensor(default_weights(
        net_->fused_encoders(), problem_.architecture.branch_weight));
  }
  request.threads = control_.threads;
  request.tick = [this](std::int64_t, std::int64_t) {
    return emit(TrainEvent::Kind::batch);
  };
  const auto score =
      score_together(predictor, problem_.validation, request, problem_.exchange)
          .score;
  const Evaluation found =
      evaluate_scores(score, problem_.validation.label,
                      pairs_with_data(problem_.data, problem_.partners.known,
                                      problem_.architecture.encoders, branch,
                                      problem_.validation));
  if (!found.finite) {
    check_finite(kNaN, "score of a validation pair", phase().learning_rate);
  }
  record.valid_loss = found.loss;
  record.valid_auroc = event_.valid_auroc = found.auroc;
  record.valid_auprc = event_.valid_auprc = found.auprc;
  return record;
}

bool Trainer::emit(TrainEvent::Kind kind) {
  if (!problem_.sink || stopped_) return !stopped_;
  const auto now = Clock::now();
  if (kind == TrainEvent::Kind::batch && now - last_event_ < kEventInterval) {
    return true;
  }
  last_event_ = now;
  event_.kind = kind;
  event_.seconds = seconds_since(phase_start_);
  stopped_ = !problem_.sink(event_);
  return !stopped_;
}

void Trainer::emit_or_cancel(TrainEvent::Kind kind) {
  bool go_on = emit(kind);
  if (problem_.exchange != nullptr) {
    // The sums of the next batch, or of the validation, tell the others.
    go_on =
        kind == TrainEvent::Kind::batch || all_go_on(go_on, problem_.exchange);
  }
  if (!go_on) throw CancelledError("Training was interrupted.");
}

void Trainer::check_finite(double value, const std::string& what,
                           double rate) const {
  if (std::isfinite(value)) return;
  std::ostringstream text;
  text << "Training diverged: the " << what << " is not finite in phase \""
       << phase().name << "\", epoch " << event_.epoch << ", batch "
       << event_.batch << ", at the learning rate " << rate
       << ". Use a smaller learning_rate.";
  throw DivergedError(text.str());
}

}  // namespace

TrainOutcome train(MuslNet net, const TrainProblem& problem) {
  return Trainer(std::move(net), problem).run();
}

}  // namespace musl::nn
