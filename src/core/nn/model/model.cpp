#include "musl/model.h"

#include <ATen/Parallel.h>
#include <pthread.h>

#include <chrono>
#include <mutex>
#include <utility>

#include "musl/pair_scorer.h"
#include "nn/base/boundary.h"
#include "nn/base/weights.h"
#include "nn/model/model_impl.h"

namespace musl {

namespace {

using Clock = std::chrono::steady_clock;

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

Prediction predict_pairs(const Model& model, const Dataset& data,
                         const PairSet& pairs, const PredictOptions& options,
                         const EventSink& sink) {
  return PairScorer(model, data, pairs, options)
      .score(pairs, predict_tick(sink));
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
    return predict_pairs(*this, data, pairs, options, sink);
  });
}

}  // namespace musl
