#include "nn/learn/musl_learner.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "musl/rng.h"
#include "musl/stacking.h"
#include "nn/base/weights.h"
#include "nn/infer/predictor.h"
#include "nn/learn/chunk_output.h"
#include "nn/learn/loss_kind.h"
#include "nn/learn/modulation.h"
#include "nn/learn/run_identity.h"
#include "nn/learn/strategy.h"

namespace musl::nn {

namespace {

constexpr char kLabel[] = "label";
constexpr char kStatePrefix[] = "learner/";
constexpr std::uint64_t kTargetStream = 3;  // of the seed

/// Appends pairs without labels.
void append_unlabelled(const PairSet& more, PairSet* to) {
  to->a.insert(to->a.end(), more.a.begin(), more.a.end());
  to->b.insert(to->b.end(), more.b.begin(), more.b.end());
  to->label.resize(to->a.size(), std::numeric_limits<float>::quiet_NaN());
}

/// Whether a term of the phase has this target.
bool uses(const Phase& phase, const std::string& target) {
  return std::any_of(
      phase.losses.begin(), phase.losses.end(),
      [&target](const auto& term) { return term.target == target; });
}

PairSet take(const PairSet& pairs, const std::vector<std::int64_t>& items) {
  return take_pairs(pairs, items, 0, static_cast<std::int64_t>(items.size()));
}

/// Hides the same genes as in the whole chunk, of which this is a part.
void hide_in_part(const Chunk& chunk, Tensor* seen, ChunkRng* rng) {
  const Tensor shown = hide_seen(
      torch::ones({chunk.chunk_size, 2}, seen->options()), rng);  // (chunk, 2)
  *seen = *seen * shown.narrow(0, chunk.first - chunk.chunk_first, chunk.n);
}

}  // namespace

MuslLearner::MuslLearner(MuslNet net, const MuslProblem& problem)
    : net_(std::move(net)),
      problem_(problem),
      inputs_{problem.data, problem.preprocess, problem.partners},
      phases_(make_phases(problem.architecture, problem.control)),
      genes_(net_->gene_encoders(), problem.data, problem.preprocess,
             problem.device, problem.control.threads),
      identity_(run_identity(problem.architecture, problem.control,
                             problem.training, problem.validation,
                             parameters_of(*net_), problem.data.exact)),
      items_(problem.training),
      keeper_(parameters_of(*net_)) {
  targets_[kLabel] = make_target(kLabel);  // what is shown of the loss
  for (const auto& phase : phases_) {
    for (const auto& term : phase.losses) {
      auto& source = targets_[term.target];
      if (source == nullptr) source = make_target(term.target);
    }
  }
}

void MuslLearner::begin_phase(const Phase& phase, const Tick& tick) {
  phase_ = phase;
  keeper_.begin(phase);
  only_ = only_branch(phase, problem_.architecture);
  monitored_ =
      phase.monitored == kFused ? -1 : net_->branch_of(phase.monitored);
  // An encoder without trained parameters is frozen: out of training mode it
  // runs without dropout.
  for (const auto& encoder : net_->encoders()) {
    encoder->train(trains(phase, "encoder." + encoder->encoder_name() + "."));
  }
  batcher_.emplace(inputs_, net_->wanted(only_), net_->sizes(),
                   problem_.device);
  refresh_targets();
  choose_items();
  batcher_->keep(joined(items_, problem_.validation), problem_.control.threads,
                 tick);
}

void MuslLearner::end_phase(const Phase& phase, double best) {
  if (keeper_.undo_loss(phase, best)) {
    for (auto& later : phases_) trust_less(phase.monitored, &later);
  }
  if (phase.ends_iteration) keeper_.end_iteration(value_of_branches());
  if (phase.to_best_iteration) keeper_.take_best();
  for (auto& [name, source] : targets_) source->phase_ended(target_context());
}

/// Halves the weight of the other branches' pseudo-labels for this one.
void MuslLearner::trust_less(const std::string& branch, Phase* phase) const {
  for (auto& term : phase->losses) {
    if (term.branch == branch && term.target != kLabel) term.weight /= 2;
  }
}

/// The monitored measure of the sum of all branches' logits.
double MuslLearner::value_of_branches() const {
  const PairSet& pairs = problem_.validation;
  if (pairs.size() == 0) return std::numeric_limits<double>::quiet_NaN();
  const Batcher batcher(inputs_, net_->wanted(), net_->sizes(),
                        problem_.device);
  const Predictor predictor(net_, problem_.data, batcher, genes_);
  ScoreRequest request;
  request.parts = true;
  request.threads = problem_.control.threads;
  const Matrix logits = predictor.score(pairs, request).branch_scores;
  std::vector<double> sum;
  for (Eigen::Index i = 0; i < logits.rows(); ++i) {
    sum.push_back(logits.row(i).cast<double>().sum());
  }
  const auto use = pairs_with_data(inputs_, net_->wanted().masks, pairs);
  return monitored_value(evaluate_scores(sum, pairs.label, use),
                         phase_.monitor);
}

TargetContext MuslLearner::target_context() const {
  const auto seed = static_cast<std::uint64_t>(problem_.control.seed);
  return {net_,
          inputs_,
          genes_,
          problem_.training,
          problem_.validation,
          problem_.calibration,
          phase_,
          problem_.control,
          derive_seed(seed, kTargetStream),
          problem_.control.threads,
          problem_.device};
}

void MuslLearner::refresh_targets() {
  for (auto& [name, source] : targets_) {
    if (uses(phase_, name)) source->refresh(target_context());
  }
}

/// The training pairs and those added by the phase's targets.
void MuslLearner::choose_items() {
  items_ = problem_.training;
  for (const auto& [name, source] : targets_) {
    if (uses(phase_, name)) append_unlabelled(source->more_pairs(), &items_);
  }
}

UnlabelledUse MuslLearner::unlabelled() const {
  for (const auto& [name, source] : targets_) {
    if (!uses(phase_, name)) continue;
    if (const auto use = source->unlabelled(); use.n > 0) return use;
  }
  return {};
}

std::vector<Tensor> MuslLearner::begin_batch(
    const std::vector<std::int64_t>& items, std::uint64_t seed) {
  vectors_ = Tensor();
  if (!net_->reads_genes(only_)) return {};
  // Encoders that this phase does not read: the fused output excludes late
  // ones.
  const auto fused = net_->fused_encoders();
  const auto reads = [&](const Encoder& encoder) {
    const auto m =
        static_cast<std::size_t>(net_->branch_of(encoder.encoder_name()));
    return only_ >= 0 ? m == static_cast<std::size_t>(only_) : fused[m] > 0.5f;
  };
  rows_ = genes_of(take(items_, items));
  auto blocks = genes_.training_blocks(rows_.genes, seed, reads);
  const torch::NoGradGuard no_grad;
  trained_ = blocks.front().requires_grad();
  vectors_ = torch::cat(blocks);
  return blocks;
}

ChunkLoss MuslLearner::chunk_loss(const Chunk& chunk) const {
  const PairSet pairs = take(items_, chunk.own_items());
  ChunkRng rng = chunk.rng();
  PairBatch batch = inputs_of(pairs, chunk, &rng);
  ChunkLoss loss;
  if (vectors_.defined()) add_genes(pairs, &batch, &loss.shared);
  const ChunkOutput output(net_, only_, batch);
  for (const auto& term : phase_.losses) {
    const Target target = target_of(term.target, pairs);
    loss.terms.push_back(
        loss_kind(term.kind).value({term, *net_, pairs, output, target}));
  }
  const torch::NoGradGuard no_grad;
  const Heard heard = output.hear(phase_.monitored);
  const Target label = target_of(kLabel, pairs);
  loss.monitored = cross_entropy_of(heard, label).sum();
  loss.counted =
      (label.weight.defined() ? heard.present * label.weight : heard.present)
          .sum();
  if (n_tallies() > 0) {
    loss.tally = modulation_tally(output.hear(kBranches), label);
  }
  return loss;
}

std::int64_t MuslLearner::chunk_size() const {
  // Of a GPU's time the start of each kernel is most.
  if (!problem_.device.is_cpu()) return problem_.control.batch_size;
  if (net_->reads_maps()) return kChunk;
  const std::int64_t quarter = problem_.control.batch_size / 4;
  return std::clamp(quarter, kChunk, 2 * kChunk);
}

std::int64_t MuslLearner::n_tallies() const {
  return phase_.modulation > 0
             ? 2 * static_cast<std::int64_t>(net_->encoders().size())
             : 0;
}

std::vector<Damping> MuslLearner::damping(
    const std::vector<double>& tally) const {
  std::vector<Damping> dampings;
  const auto factors = modulation_factors(tally, phase_.modulation);
  for (std::size_t m = 0; m < factors.size(); ++m) {
    const auto name = net_->encoders()[m]->encoder_name();
    dampings.push_back({"encoder." + name + ".", factors[m]});
  }
  return dampings;
}

PairBatch MuslLearner::inputs_of(const PairSet& pairs, const Chunk& chunk,
                                 ChunkRng* rng) const {
  PairBatch batch = batcher_->make(
      pairs, problem_.device.is_cpu() ? 1 : problem_.control.threads);
  const auto seen = batch.tensors.find("seen");
  if (seen != batch.tensors.end()) hide_in_part(chunk, &seen->second, rng);
  // Each part has a separate dropout stream.
  if (!chunk.is_whole()) *rng = chunk.part_rng();
  batch.rng = rng;
  return batch;
}

void MuslLearner::add_genes(const PairSet& pairs, PairBatch* batch,
                            std::vector<SharedRows>* shared) const {
  const auto add = [&](const char* name, const auto& genes) {
    const Tensor rows = rows_.rows_of(genes).to(vectors_.device());
    Tensor own = vectors_.index_select(0, rows);  // (B, Dg)
    batch->tensors[name] = own.requires_grad_(trained_);
    if (trained_) shared->push_back({own, rows});
  };
  add("gene_a", pairs.a);
  add("gene_b", pairs.b);
}

Target MuslLearner::target_of(const std::string& name,
                              const PairSet& pairs) const {
  Target target = targets_.at(name)->of(pairs);
  target.value = target.value.to(problem_.device);
  if (target.weight.defined()) {
    target.weight = target.weight.to(problem_.device);
  }
  return target;
}

std::vector<double> MuslLearner::score(std::int64_t first, std::int64_t n,
                                       const Tick& tick) const {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
  std::iota(rows.begin(), rows.end(), first);
  const Predictor predictor(net_, problem_.data, *batcher_, genes_);
  ScoreRequest request;
  request.branch = monitored_;
  if (monitored_ < 0) {
    request.stack = stack_tensor(default_weights(
        net_->fused_encoders(), problem_.architecture.branch_weight));
  }
  request.threads = problem_.control.threads;
  if (tick) {
    request.tick = [&tick](std::int64_t, std::int64_t) { return tick(); };
  }
  return predictor.score(take(problem_.validation, rows), request).score;
}

Evaluation MuslLearner::validate(const std::vector<double>& score) const {
  return evaluate_scores(
      score, problem_.validation.label,
      pairs_with_data(inputs_, net_->wanted(monitored_).masks,
                      problem_.validation));
}

void MuslLearner::put_state(Archive* archive) const {
  for (const auto& [name, source] : targets_) {
    source->put_state(kStatePrefix + name + "/", archive);
  }
  keeper_.put_state(std::string(kStatePrefix) + "iterations/", archive);
}

void MuslLearner::get_state(const Archive& archive) {
  for (auto& [name, source] : targets_) {
    source->get_state(kStatePrefix + name + "/", archive);
  }
  keeper_.get_state(std::string(kStatePrefix) + "iterations/", archive);
  for (const auto& branch : keeper_.undone()) {
    for (auto& phase : phases_) trust_less(branch, &phase);
    trust_less(branch, &phase_);
  }
  choose_items();
}

Tensor hide_seen(const Tensor& seen, ChunkRng* rng) {
  const Tensor one = torch::empty({seen.size(0), 1}, seen.options());
  const Tensor any = rng->bernoulli(one, 2.0 / 3.0);      // (B, 1)
  const Tensor both = rng->bernoulli(one, 0.5);           // (B, 1)
  const Tensor first = rng->bernoulli(one, 0.5);          // (B, 1)
  const Tensor side = torch::cat({first, 1 - first}, 1);  // (B, 2)
  return seen * any * (both + (1 - both) * side);
}

}  // namespace musl::nn
