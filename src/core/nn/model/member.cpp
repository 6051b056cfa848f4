#include "nn/model/member.h"

#include <cmath>
#include <numeric>
#include <utility>

#include "musl/partners.h"
#include "musl/rng.h"
#include "nn/base/device.h"
#include "nn/base/weights.h"
#include "nn/infer/predictor.h"
#include "nn/inputs/batcher.h"
#include "nn/learn/musl_learner.h"
#include "nn/learn/strategy.h"
#include "nn/model/networks.h"
#include "nn/nets/gene_stage.h"
#include "nn/train/trainer.h"

namespace musl::nn {

namespace {

void score_judged(const FitProblem& problem, const ModelState& model,
                  const PartnerInputs& partners, const PairSet& judged,
                  const GeneStage& genes, torch::Device device,
                  Member* member) {
  const MuslNet& net = member->net;
  ScoreRequest request;
  request.threads = problem.control.threads;
  request.logits = true;
  const Batcher batcher({model.data, model.preprocess, partners}, net->wanted(),
                        net->sizes(), device);
  const Predictor predictor({{net, &genes}}, model.data, batcher);
  Prediction found = std::move(predictor.score(judged, request).front());
  member->logits = std::move(found.logits);
  for (std::size_t at = 0; at < found.score.size(); ++at) {
    member->scored.push_back(std::isfinite(found.score[at]) ? 1 : 0);
    member->n_unseen.push_back(2 - (partners.known.seen(judged.a[at]) ? 1 : 0) -
                               (partners.known.seen(judged.b[at]) ? 1 : 0));
  }
}

}  // namespace

MuslNet start_net(const FitProblem& problem, const FitStart& start,
                  std::size_t member) {
  const ModelState& model = *start.model;
  MuslNet net(model.architecture, input_sizes(model.data, model.preprocess));
  const auto seed = member_control(problem.control, member).seed;
  initialise(*net, derive_seed(static_cast<std::uint64_t>(seed), 0));
  return net;
}

Member train_member(const FitProblem& problem, const FitStart& start,
                    std::size_t member, const EventSink& sink) {
  const ControlConfig control = member_control(problem.control, member);
  const auto& [training, validation, calibration] = problem.parts[member];
  const ModelState& model = *start.model;
  const torch::Device device = device_of(control.device);
  // As in predict(): each once, ordered by key.
  const PairSet known =
      pooled_training({problem.parts[member]}, model.data.n_genes);
  const auto partners = make_partner_inputs(
      start.spaces, known, training, model.data.n_genes, control.threads);
  Member trained;
  trained.net = start_net(problem, start, member);
  trained.net->to(device);
  MuslLearner learner(
      trained.net,
      {model.architecture, control, model.data, model.preprocess, partners,
       training, validation, device},
      make_phases(model.architecture, control));
  TrainOutcome outcome = train(&learner, train_settings(control, sink));
  round_weights(parameters_of(*trained.net));
  trained.history = std::move(outcome.history);
  trained.cancelled = outcome.cancelled;
  trained.converged = outcome.converged;
  score_judged(problem, model, partners, problem.parts[member].judged(),
               learner.genes(), device, &trained);
  trained.net->to(torch::kCPU);
  return trained;
}

}  // namespace musl::nn
