#include "nn/model/member.h"

#include <cmath>
#include <utility>

#include "musl/partners.h"
#include "musl/rng.h"
#include "nn/base/device.h"
#include "nn/base/weights.h"
#include "nn/infer/predictor.h"
#include "nn/inputs/batcher.h"
#include "nn/model/networks.h"
#include "nn/nets/gene_stage.h"
#include "nn/train/score_together.h"
#include "nn/train/trainer.h"

namespace musl::nn {

namespace {

void score_validation(const FitProblem& problem, const ModelState& model,
                      const PartnerInputs& partners, const PairSet& validation,
                      torch::Device device, GradientExchange* exchange,
                      Member* member) {
  const MuslNet& net = member->net;
  const int threads = problem.control.threads;
  const Batcher batcher(model.data, model.preprocess, partners,
                        net->input_names(), net->sizes(), device);
  const GeneStage genes(net->gene_encoders(), model.data, model.preprocess,
                        device, threads);
  ScoreRequest request;
  request.threads = threads;
  request.logits = true;
  const Predictor predictor(net, model.data, batcher, genes);
  Prediction found = score_together(predictor, validation, request, exchange);
  member->logits = std::move(found.logits);
  for (std::size_t i = 0; i < found.score.size(); ++i) {
    member->scored.push_back(std::isfinite(found.score[i]) ? 1 : 0);
    member->n_unseen.push_back(2 -
                               (partners.known.seen(validation.a[i]) ? 1 : 0) -
                               (partners.known.seen(validation.b[i]) ? 1 : 0));
  }
}

}  // namespace

MuslNet start_net(const FitProblem& problem, const FitStart& start,
                  std::size_t member) {
  if (problem.init != nullptr) {
    const auto& nets = nets_of(problem.init->state());
    return copy_net(nets[member % nets.size()], torch::kCPU);
  }
  const ModelState& model = *start.model;
  MuslNet net(model.architecture, input_sizes(model.data, model.preprocess));
  const auto seed = member_control(problem.control, member).seed;
  initialise(*net, derive_seed(static_cast<std::uint64_t>(seed), 0));
  return net;
}

Member train_member(const FitProblem& problem, const FitStart& start,
                    std::size_t member, const EventSink& sink,
                    GradientExchange* exchange) {
  const ControlConfig control = member_control(problem.control, member);
  const auto& [training, validation] = problem.parts[member];
  const ModelState& model = *start.model;
  const torch::Device device(resolve_device(control.device));
  // As predict() will know them: each once, in the order of their keys.
  const PairSet known =
      pooled_training({problem.parts[member]}, model.data.n_genes);
  const auto partners = make_partner_inputs(
      start.spaces, known, training, model.data.n_genes, control.threads);
  Member trained;
  trained.net = start_net(problem, start, member);
  trained.net->to(device);
  TrainOutcome outcome = train(
      trained.net, {model.architecture, control, model.data, model.preprocess,
                    partners, training, validation, device, sink, exchange});
  trained.history = std::move(outcome.history);
  trained.cancelled = outcome.cancelled;
  trained.converged = outcome.converged;
  score_validation(problem, model, partners, validation, device, exchange,
                   &trained);
  trained.net->to(torch::kCPU);
  return trained;
}

}  // namespace musl::nn
