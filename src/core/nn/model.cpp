#include "musl/model.h"

#include <ATen/Parallel.h>
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <utility>

#include "musl/device.h"
#include "musl/error.h"
#include "musl/half.h"
#include "musl/rng.h"
#include "nn/boundary.h"
#include "nn/infer/predictor.h"
#include "nn/model_impl.h"
#include "nn/train/batcher.h"
#include "nn/train/gene_stage.h"
#include "nn/train/trainer.h"
#include "nn/weights.h"

namespace musl {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCudaMicroBatch = 4096;

/// A child of fork has none of LibTorch's worker threads and would wait for
/// them for ever.
void use_one_thread_in_forks() {
  static std::once_flag once;
  std::call_once(once, [] {
    pthread_atfork(nullptr, nullptr, [] { at::set_num_threads(1); });
  });
}

std::function<bool(std::int64_t, std::int64_t)> predict_tick(
    const EventSink& sink) {
  if (!sink) return {};
  return [&sink, start = Clock::now(), last = Clock::time_point{}](
             std::int64_t done, std::int64_t all) mutable {
    const auto now = Clock::now();
    if (now - last < std::chrono::milliseconds(200)) return true;
    last = now;
    TrainEvent event;
    event.kind = TrainEvent::Kind::predict;
    event.phase = "predict";
    event.batch = done;
    event.n_batches = all;
    event.seconds = std::chrono::duration<double>(now - start).count();
    return sink(event);
  };
}

Prediction predict_pairs(const Model::Impl& model, const Dataset& data,
                         const PairSet& pairs, const PredictOptions& options,
                         const EventSink& sink) {
  check_pairs(pairs, data.n_genes);
  nn::check_dataset(model, data);
  const nn::SingleThreadGuard single_thread;
  const torch::Device device(resolve_device(options.device));
  const nn::MuslNet net =
      device.is_cpu() ? model.net : nn::copy_net(model.net, device);
  const nn::Batcher batcher(data, model.preprocess, net->input_names(),
                            net->sizes(), device);
  const nn::GeneStage genes(net->gene_encoder(), data, model.preprocess, device,
                            options.threads);
  nn::ScoreRequest request;
  request.parts = options.parts;
  request.embedding = options.embedding;
  request.threads = options.threads;
  request.micro_batch = device.is_cpu()
                            ? options.micro_batch
                            : std::max(options.micro_batch, kCudaMicroBatch);
  request.tick = predict_tick(sink);
  return nn::Predictor(net, data, batcher, genes).score(pairs, request);
}

void check_labels(const PairSet& pairs, const std::string& part,
                  std::int64_t n_genes) {
  check_pairs(pairs, n_genes);
  std::int64_t n_positive = 0;
  for (const float label : pairs.label) {
    if (label != 0.0f && label != 1.0f) {
      throw InputError("Labels of the " + part + " pairs must be 0 or 1, not " +
                       std::to_string(label) + ".");
    }
    n_positive += label == 1.0f ? 1 : 0;
  }
  if (!pairs.has_labels() || n_positive == 0 || n_positive == pairs.size()) {
    throw InputError("The " + part + " pairs must hold SL and non-SL pairs; " +
                     std::to_string(n_positive) + " of " +
                     std::to_string(pairs.size()) +
                     " are SL. Add pairs of the other class.");
  }
}

/// Can this encoder read anything of the dataset?
bool has_input(const Dataset& data, const std::string& encoder) {
  if (encoder != "graph") return !data.sources.empty();
  return !data.blocks.empty() &&
         std::any_of(data.in_graph.begin(), data.in_graph.end(),
                     [](std::uint8_t in) { return in != 0; });
}

ArchitectureConfig with_usable_encoders(ArchitectureConfig architecture,
                                        const Dataset& data) {
  auto& names = architecture.encoders;
  names.erase(
      std::remove_if(names.begin(), names.end(),
                     [&](const auto& name) { return !has_input(data, name); }),
      names.end());
  if (names.empty()) {
    throw InputError(
        "The data holds nothing that the encoders asked for can read. Add "
        "expression, a network or embeddings.");
  }
  return architecture;
}

void check_training_data(const Dataset& data,
                         const ArchitectureConfig& architecture,
                         const PairSet& training) {
  const auto use = nn::pairs_with_data(data, architecture.encoders,
                                       /*encoder=*/-1, training);
  if (std::none_of(use.begin(), use.end(), [](auto x) { return x != 0; })) {
    throw InputError("None of the " + std::to_string(training.size()) +
                     " training pairs has both genes in a source or in the "
                     "graph. Check that pairs and data name the same genes.");
  }
}

void check_init(const Model::Impl& init, const ArchitectureConfig& architecture,
                const Dataset& data) {
  if (to_json(init.architecture) != to_json(architecture)) {
    throw InputError("`init` must have the architecture asked for: " +
                     to_json(init.architecture) + " there, " +
                     to_json(architecture) + " here.");
  }
  nn::check_dataset(init, data);
}

nn::MuslNet start_net(const ArchitectureConfig& architecture,
                      const nn::InputSizes& sizes, const Model* init,
                      std::int64_t seed) {
  if (init != nullptr) return nn::copy_net(init->impl().net, torch::kCPU);
  nn::MuslNet net(architecture, sizes);
  nn::initialise(*net, derive_seed(static_cast<std::uint64_t>(seed), 0));
  return net;
}

/// Replaces node blocks, raw embeddings among them, by the vectors that the
/// network makes of them. The spectral rows stay: new genes are placed by them.
void keep_gene_vectors(int threads, Model::Impl* model) {
  Dataset& data = model->data;
  nn::Encoder* encoder = model->net->gene_encoder();
  if (encoder != nullptr) {
    const nn::GeneStage genes(encoder, data, model->preprocess, torch::kCPU,
                              threads);
    data.gene_vectors = genes.all_vectors(data.n_genes);
  }
  auto& blocks = data.blocks;
  blocks.erase(std::remove_if(
                   blocks.begin(), blocks.end(),
                   [](const auto& block) { return block.name != "spectral"; }),
               blocks.end());
  // As a file will hold them, so that a model reads the same after a save.
  for (auto& block : blocks) {
    block.values =
        block.values.unaryExpr([](float x) { return round_to_half(x); });
  }
}

/// (G) 1 for the genes of the pairs.
std::vector<std::uint8_t> genes_seen_in(const PairSet& training,
                                        std::int64_t n_genes) {
  std::vector<std::uint8_t> seen(static_cast<std::size_t>(n_genes), 0);
  for (const auto* ends : {&training.a, &training.b}) {
    for (const auto gene : *ends) seen[static_cast<std::size_t>(gene)] = 1;
  }
  return seen;
}

FitResult fit_checked(const ArchitectureConfig& asked,
                      const ControlConfig& control, Dataset data,
                      const PairSet& training, const PairSet& validation,
                      const Model* init, const EventSink& sink) {
  validate(asked);
  validate(control);
  check_labels(training, "training", data.n_genes);
  if (validation.size() > 0) {
    check_labels(validation, "validation", data.n_genes);
  }
  const auto architecture = with_usable_encoders(asked, data);
  check_training_data(data, architecture, training);
  // The network is to learn its gene vectors, not to read another one's.
  if (!data.blocks.empty()) data.gene_vectors.resize(0, 0);
  if (init != nullptr) check_init(init->impl(), architecture, data);
  const nn::SingleThreadGuard single_thread;
  const torch::Device device(resolve_device(control.device));

  auto model = std::make_shared<Model::Impl>();
  model->architecture = architecture;
  model->preprocess =
      init != nullptr
          ? init->impl().preprocess
          : fit_preprocess(data, training, architecture, control.threads);
  model->net = start_net(architecture, nn::input_sizes(data, model->preprocess),
                         init, control.seed);
  model->data = std::move(data);
  model->data.seen = genes_seen_in(training, model->data.n_genes);
  model->has_inputs = true;
  nn::check_dataset(*model, model->data);

  model->net->to(device);
  nn::TrainOutcome outcome = nn::train(
      model->net, {architecture, control, model->data, model->preprocess,
                   training, validation, device, sink});
  model->net->to(torch::kCPU);
  keep_gene_vectors(control.threads, model.get());

  FitResult result{Model(model),
                   std::move(outcome.history),
                   {},
                   outcome.cancelled,
                   outcome.converged};
  PredictOptions options;
  options.device = control.device;
  options.threads = control.threads;
  result.valid_score =
      result.model.predict(model->data, validation, options).score;
  return result;
}

}  // namespace

Model::Model(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {
  use_one_thread_in_forks();
}

const ArchitectureConfig& Model::architecture() const {
  return impl_->architecture;
}

std::int64_t Model::n_genes() const { return impl_->data.n_genes; }

const Dataset& Model::kept() const {
  static const Dataset none;
  return impl_->has_inputs ? impl_->data : none;
}

const Dataset& Model::reference() const { return impl_->data; }

std::int64_t Model::n_parameters() const {
  return nn::parameters_of(*impl_->net).count();
}

Prediction Model::predict(const Dataset& data, const PairSet& pairs,
                          const PredictOptions& options,
                          const EventSink& sink) const {
  return nn::at_boundary("Predicting", [&] {
    return predict_pairs(*impl_, data, pairs, options, sink);
  });
}

FitResult fit(const ArchitectureConfig& architecture,
              const ControlConfig& control, Dataset data,
              const PairSet& training, const PairSet& validation,
              const Model* init, const EventSink& sink) {
  return nn::at_boundary("Training", [&] {
    return fit_checked(architecture, control, std::move(data), training,
                       validation, init, sink);
  });
}

}  // namespace musl
