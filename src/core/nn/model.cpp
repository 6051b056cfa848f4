#include "musl/model.h"

#include <ATen/Parallel.h>
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

#include "musl/device.h"
#include "musl/error.h"
#include "musl/partners.h"
#include "nn/boundary.h"
#include "nn/infer/predictor.h"
#include "nn/model_impl.h"
#include "nn/train/batcher.h"
#include "nn/train/gene_stage.h"
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

/// The encoders of the model that `wanted` leaves out.
std::vector<std::string> silent_encoders(
    const ArchitectureConfig& architecture,
    const std::vector<std::string>& wanted) {
  std::vector<std::string> silent = architecture.encoders;
  if (wanted.empty()) return {};
  for (const auto& name : wanted) {
    const auto found = std::find(silent.begin(), silent.end(), name);
    if (found == silent.end()) {
      throw InputError(
          "`encoders` must name encoders of the model, each once; "
          "\"" +
          name + "\" is not one of them.");
    }
    silent.erase(found);
  }
  return silent;
}

/// Everything that predicting with one member or another needs.
struct PredictContext {
  const Model::Impl& model;
  const Dataset& data;
  const nn::PartnerInputs& partners;
  const PredictOptions& options;
  torch::Device device;
};

Prediction predict_member(const PredictContext& context, int member,
                          const PairSet& pairs, nn::ScoreRequest request) {
  const auto& [model, data, partners, options, device] = context;
  const auto& own = model.nets[static_cast<std::size_t>(member)];
  const nn::MuslNet net = device.is_cpu() ? own : nn::copy_net(own, device);
  const nn::Batcher batcher(
      data, model.preprocess, partners, net->input_names(), net->sizes(),
      device, silent_encoders(model.architecture, options.encoders));
  const nn::GeneStage genes(net->gene_encoders(), data, model.preprocess,
                            device, options.threads, member, model.n_members());
  request.stack = nn::stack_tensor(model.stack);
  request.parts = options.parts;
  request.embedding = options.embedding;
  request.threads = options.threads;
  request.micro_batch = device.is_cpu()
                            ? options.micro_batch
                            : std::max(options.micro_batch, kCudaMicroBatch);
  return nn::Predictor(net, data, batcher, genes).score(pairs, request);
}

/// Adds one member's prediction to the sum of the earlier ones.
void add_prediction(Prediction&& more, Prediction* sum) {
  if (sum->score.empty()) {
    *sum = std::move(more);
    return;
  }
  for (std::size_t i = 0; i < sum->score.size(); ++i) {
    sum->score[i] += more.score[i];
  }
  sum->gates += more.gates;
  sum->branch_scores += more.branch_scores;
  append_columns(more.embedding, &sum->embedding);
}

void divide_prediction(int n_members, Prediction* sum) {
  if (n_members == 1) return;
  for (auto& score : sum->score) score /= n_members;
  sum->gates /= static_cast<float>(n_members);
  sum->branch_scores /= static_cast<float>(n_members);
}

Prediction predict_pairs(const Model::Impl& model, const Dataset& data,
                         const PairSet& pairs, const PredictOptions& options,
                         const EventSink& sink) {
  check_pairs(pairs, data.n_genes);
  nn::check_dataset(model, data);
  const nn::SingleThreadGuard single_thread;
  const auto partners = nn::make_partner_inputs(
      model.reads_partners()
          ? partner_spaces(data, model.preprocess, options.threads)
          : std::vector<NodeBlock>{},
      data.known, pairs, data.n_genes, options.threads);
  nn::check_partners(model, partners.known);
  const PredictContext context{model, data, partners, options,
                               torch::Device(resolve_device(options.device))};
  const auto tick = predict_tick(sink);
  Prediction sum;
  for (int member = 0; member < model.n_members(); ++member) {
    nn::ScoreRequest request;
    if (tick) {
      request.tick = [&tick, member, &model](std::int64_t done,
                                             std::int64_t all) {
        return tick(member * all + done, model.n_members() * all);
      };
    }
    add_prediction(predict_member(context, member, pairs, request), &sum);
  }
  divide_prediction(model.n_members(), &sum);
  return sum;
}

}  // namespace

void append_columns(const Matrix& more, Matrix* to) {
  if (more.cols() == 0) return;
  Matrix wider(more.rows(), to->cols() + more.cols());
  if (to->cols() > 0) wider.leftCols(to->cols()) = *to;
  wider.rightCols(more.cols()) = more;
  *to = std::move(wider);
}

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
  std::int64_t n = 0;
  for (const auto& net : impl_->nets) n += nn::parameters_of(*net).count();
  return n;
}

const StackWeights& Model::stack() const { return impl_->stack; }

int Model::n_members() const { return impl_->n_members(); }

Prediction Model::predict(const Dataset& data, const PairSet& pairs,
                          const PredictOptions& options,
                          const EventSink& sink) const {
  return nn::at_boundary("Predicting", [&] {
    return predict_pairs(*impl_, data, pairs, options, sink);
  });
}

}  // namespace musl
