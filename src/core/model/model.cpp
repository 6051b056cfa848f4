#include "model/model.h"

#include <chrono>
#include <utility>

#include "expression/expression.h"
#include "io/archive_pack.h"
#include "model/backend.h"
#include "model/read_model.h"
#include "model/write_model.h"

namespace musl {

namespace {

constexpr int kAllThreads = 0;

using Clock = std::chrono::steady_clock;

Tick predict_tick(const EventSink& sink) {
  if (!sink) return {};
  return [&sink, start = Clock::now(), last = Clock::time_point{}](
             std::int64_t done, std::int64_t all) mutable {
    const auto now = Clock::now();
    if (now - last < std::chrono::milliseconds(200)) return true;
    last = now;
    TrainEvent event = progress_event(done, all);
    event.seconds = std::chrono::duration<double>(now - start).count();
    return sink(event);
  };
}

}  // namespace

void Model::unfold() const {
  if (!state_->has_inputs) return;
  std::call_once(state_->unfolded, [this] {
    for (auto& cohort : state_->data.cohorts) {
      unfold_levels(kAllThreads, &cohort);
    }
  });
}

void Model::prepare() const {
  if (!state_->has_inputs) return;
  std::call_once(state_->prepared, [this] {
    state_->networks->prepare(kAllThreads, state_.get());
  });
}

const Dataset& Model::kept() const {
  static const Dataset none;
  unfold();
  prepare();
  return state_->has_inputs ? state_->data : none;
}

const Dataset& Model::reference(bool with_vectors) const {
  if (state_->has_inputs && with_vectors) {
    prepare();
    state_->networks->prepare_vectors(kAllThreads, state_.get());
  }
  return state_->data;
}

Model Model::on(Dataset data) const {
  auto state = std::make_shared<ModelState>();
  state->architecture = state_->architecture;
  state->preprocess = state_->preprocess;
  state->stack = state_->stack;
  state->data = std::move(data);
  state->has_inputs = true;
  state->networks = state_->networks->afresh();
  return Model(std::move(state));
}

std::int64_t Model::n_parameters() const {
  return state_->networks->n_parameters();
}

int Model::n_members() const { return state_->networks->n_members(); }

Prediction Model::predict(const Dataset& data, const PairSet& pairs,
                          const PredictOptions& options,
                          const EventSink& sink) const {
  return make_pair_scorer(*this, data, pairs, options)
      ->score(pairs, predict_tick(sink));
}

Archive Model::to_archive(bool keep_inputs) const {
  return packed(write_model(*state_, keep_inputs));
}

Model Model::from_archive(const Archive& archive) {
  return Model(read_model(archive));
}

std::unique_ptr<PairScorer> make_pair_scorer(const Model& model,
                                             const Dataset& data,
                                             const PairSet& asked,
                                             const PredictOptions& options) {
  return model.state().networks->make_scorer(model, data, asked, options);
}

}  // namespace musl
