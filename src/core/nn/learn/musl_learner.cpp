#include "nn/learn/musl_learner.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "io/file.h"
#include "nn/base/parameters.h"
#include "nn/infer/predictor.h"
#include "nn/learn/learner.h"
#include "nn/learn/musl_losses.h"
#include "nn/learn/musl_phases.h"

namespace musl::nn {

namespace {

PairSet take(const PairSet& pairs, const std::vector<std::int64_t>& items) {
  return take_pairs(pairs, items, 0, size_of(items));
}

/// Those of the chunk, of the rows of its batch.
Tensor own_rows(const Chunk& chunk, const Tensor& of_batch) {
  return of_batch.narrow(0, chunk.first, chunk.n);
}

/// Hides the same genes as in the whole chunk, of which this is a part.
void hide_in_part(const Chunk& chunk, Tensor* seen, ChunkRng* rng) {
  if (chunk.is_whole()) {
    *seen = hide_seen(*seen, rng);
    return;
  }
  const Tensor shown = hide_seen(
      torch::ones({chunk.chunk_size, 2}, seen->options()), rng);  // (chunk, 2)
  *seen = *seen * shown.narrow(0, chunk.first - chunk.chunk_first, chunk.n);
}

using Json = nlohmann::json;

Json pairs_identity(const PairSet& pairs) {
  ContentHash hash;
  hash.update(pairs.a.data(), pairs.a.size() * sizeof(pairs.a[0]));
  hash.update(pairs.b.data(), pairs.b.size() * sizeof(pairs.b[0]));
  hash.update(pairs.label.data(), pairs.label.size() * sizeof(float));
  Json identity = Json::object();
  identity["n"] = pairs.size();
  identity["hash"] = hash.hex();
  return identity;
}

std::string weights_hash(const NamedParameters& parameters) {
  ContentHash hash;
  for (const auto& tensor : parameters.tensors) {
    const Tensor host = tensor.detach().to(torch::kCPU).contiguous();
    hash.update(host.data_ptr<float>(), at(host.numel()) * sizeof(float));
  }
  return hash.hex();
}

/// What a run must share with a checkpoint to continue from it, as JSON: the
/// architecture, the control except threads, device and the file's name, the
/// pairs and the initial weights.
std::string run_identity(const ArchitectureConfig& architecture,
                         const ControlConfig& control, const PairSet& training,
                         const PairSet& validation,
                         const NamedParameters& start) {
  Json controls = Json::parse(to_json(control));
  for (const char* free : {"threads", "device", "checkpoint"}) {
    controls.erase(free);
  }
  Json identity = Json::object();
  identity["architecture"] = Json::parse(to_json(architecture));
  identity["control"] = std::move(controls);
  identity["training"] = pairs_identity(training);
  identity["validation"] = pairs_identity(validation);
  identity["start"] = weights_hash(start);
  return identity.dump();
}

}  // namespace

MuslLearner::MuslLearner(MuslNet net, const MuslProblem& problem,
                         std::vector<Phase> phases)
    : net_(std::move(net)),
      problem_(problem),
      inputs_{problem.data, problem.preprocess, problem.partners},
      phases_(std::move(phases)),
      genes_(net_->gene_encoders(), problem.data, problem.preprocess,
             problem.device, problem.control.threads),
      identity_(run_identity(problem.architecture, problem.control,
                             problem.training, problem.validation,
                             parameters_of(*net_))) {}

void MuslLearner::begin_phase(const Phase& phase, const Tick& tick) {
  phase_ = phase;
  only_ = only_branch(phase, problem_.architecture);
  monitored_ =
      phase.monitored == kFused ? -1 : net_->branch_of(phase.monitored);
  batcher_.emplace(inputs_, net_->wanted(only_), net_->sizes(),
                   problem_.device);
  batcher_->keep(joined(problem_.training, problem_.validation),
                 problem_.control.threads, tick);
  label_ = torch::tensor(problem_.training.label, torch::kFloat32)
               .to(problem_.device);
}

std::vector<Tensor> MuslLearner::begin_batch(
    const std::vector<std::int64_t>& items, std::uint64_t seed) {
  const PairSet pairs = take(problem_.training, items);
  const bool reads_genes = net_->reads_genes(only_);
  const GeneRows genes = reads_genes ? genes_of(pairs) : GeneRows();
  const Numbers kept = batcher_->kept_rows(pairs);
  std::vector<Numbers> lists{items, kept, genes.genes};
  if (reads_genes) {
    lists.push_back(genes.rows_of(pairs.a));
    lists.push_back(genes.rows_of(pairs.b));
  }
  const auto sent = numbers_on(lists, problem_.device);
  rows_ = {kept.empty() ? Tensor() : sent[1], sent[0], {}, {}};
  vectors_ = Tensor();
  if (!reads_genes) return {};
  rows_.a = sent[3];
  rows_.b = sent[4];
  // Encoders that this phase does not read: the fused output excludes late
  // ones.
  const auto fused = net_->fused_encoders();
  const auto reads = [&](const Encoder& encoder) {
    const auto m = at(net_->branch_of(encoder.encoder_name()));
    return only_ >= 0 ? m == at(only_) : fused[m] > 0.5f;
  };
  auto blocks = genes_.blocks(sent[2], seed, reads);
  const torch::NoGradGuard no_grad;
  trained_ = blocks.front().requires_grad();
  vectors_ = torch::cat(blocks);
  return blocks;
}

ChunkLoss MuslLearner::chunk_loss(const Chunk& chunk) const {
  const PairSet pairs = take(problem_.training, chunk.own_items());
  ChunkRng rng = chunk.rng();
  PairBatch batch = inputs_of(pairs, chunk, &rng);
  ChunkLoss loss;
  if (vectors_.defined()) add_genes(chunk, &batch, &loss.shared);
  const ChunkOutput output(net_, only_, batch);
  const Tensor label = label_.index_select(0, own_rows(chunk, rows_.items));
  for (const auto& term : phase_.losses) {
    loss.terms.push_back(loss_sum(term, group_size(), output, label));
  }
  const torch::NoGradGuard no_grad;
  const BranchOutput monitored = output.of(phase_.monitored);
  const auto same = std::find_if(
      phase_.losses.begin(), phase_.losses.end(), [&](const LossTerm& term) {
        return has_branch(term.kind) && term.branch == phase_.monitored;
      });
  loss.monitored = same == phase_.losses.end()
                       ? cross_entropy_sum(monitored, label)
                       : loss.terms[at(same - phase_.losses.begin())].detach();
  loss.counted = monitored.present.sum();
  return loss;
}

std::int64_t MuslLearner::chunk_size() const {
  // Of a GPU's time the start of each kernel is most.
  return problem_.device.is_cpu() ? group_size() : problem_.control.batch_size;
}

std::int64_t MuslLearner::group_size() const {
  if (net_->reads_maps()) return kChunk;
  const std::int64_t quarter = problem_.control.batch_size / 4;
  return std::clamp(quarter, kChunk, 2 * kChunk);
}

PairBatch MuslLearner::inputs_of(const PairSet& pairs, const Chunk& chunk,
                                 ChunkRng* rng) const {
  PairBatch batch = batcher_->make(
      pairs, problem_.device.is_cpu() ? 1 : problem_.control.threads,
      rows_.kept.defined() ? own_rows(chunk, rows_.kept) : Tensor());
  const auto seen = batch.tensors.find("seen");
  if (seen != batch.tensors.end()) hide_in_part(chunk, &seen->second, rng);
  // Each part has a separate dropout stream.
  if (!chunk.is_whole()) *rng = chunk.part_rng();
  batch.rng = rng;
  return batch;
}

void MuslLearner::add_genes(const Chunk& chunk, PairBatch* batch,
                            std::vector<SharedRows>* shared) const {
  const auto add = [&](const char* name, const Tensor& of_batch) {
    const Tensor rows = own_rows(chunk, of_batch);
    Tensor own = vectors_.index_select(0, rows);  // (B, Dg)
    batch->tensors[name] = own.requires_grad_(trained_);
    if (trained_) shared->push_back({own, rows});
  };
  add("gene_a", rows_.a);
  add("gene_b", rows_.b);
}

std::vector<double> MuslLearner::score(std::int64_t first, std::int64_t n,
                                       const Tick& tick) const {
  const Predictor predictor({{net_, &genes_}}, problem_.data, *batcher_);
  ScoreRequest request;
  request.branch = monitored_;
  if (monitored_ < 0) {
    request.stack = stack_tensor(default_weights(
        net_->fused_encoders(), problem_.architecture.branch_weight()));
  }
  request.threads = problem_.control.threads;
  if (tick) {
    request.tick = [&tick](std::int64_t, std::int64_t) { return tick(); };
  }
  return predictor
      .score(take(problem_.validation, count_from(first, n)), request)
      .front()
      .score;
}

Evaluation MuslLearner::validate(const std::vector<double>& score) const {
  return evaluate_scores(
      score, problem_.validation.label,
      pairs_with_data(inputs_, net_->wanted(monitored_).masks,
                      problem_.validation));
}

Tensor hide_seen(const Tensor& seen, ChunkRng* rng) {
  const Tensor one = torch::empty({seen.size(0), 1}, seen.options());
  const Tensor any = rng->bernoulli(one, 2.0 / 3.0);                  // (B, 1)
  const Tensor both = rng->bernoulli(one, 0.5);                       // (B, 1)
  const Tensor first = rng->bernoulli(one, 0.5);                      // (B, 1)
  const Tensor side = torch::cat({first, torch::rsub(first, 1)}, 1);  // (B, 2)
  return seen * any * torch::maximum(both, side);
}

}  // namespace musl::nn
