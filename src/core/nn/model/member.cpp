#include "nn/model/member.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/rng.h"
#include "io/archive_fields.h"
#include "nn/base/device.h"
#include "nn/base/parameters.h"
#include "nn/infer/predictor.h"
#include "nn/inputs/batcher.h"
#include "nn/learn/musl_learner.h"
#include "nn/learn/musl_phases.h"
#include "nn/model/start.h"
#include "nn/nets/gene_stage.h"
#include "nn/train/checkpoint.h"
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

/// A network for the model's inputs, on the CPU.
MuslNet make_net(const ModelState& model) {
  return MuslNet(model.architecture, input_sizes(model.data, model.preprocess));
}

constexpr char kWeights[] = "weights/";

template <class Visit, class Trained>
void visit_scores(const Visit& visit, Trained& member) {
  visit("logits", member.logits);
  visit("scored", member.scored);
  visit("n_unseen", member.n_unseen);
}

}  // namespace

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
  trained.net = make_net(model);
  initialise(*trained.net,
             derive_seed(static_cast<std::uint64_t>(control.seed), 0));
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

Archive to_archive(const Member& member) {
  Archive archive;
  put_history(member.history, &archive);
  put_parameters(kWeights, parameters_of(*member.net), &archive);
  visit_scores(TensorWriter("", &archive), member);
  const std::uint8_t converged = member.converged ? 1 : 0;
  archive.put("converged", {1}, &converged);
  return archive;
}

Member from_archive(const FitProblem& problem, const FitStart& start,
                    std::size_t member, const Archive& archive) {
  Member out;
  out.net = make_net(*start.model);
  copy_parameters(archive, kWeights, parameters_of(*out.net));
  out.net->eval();
  visit_scores(TensorReader("", archive), out);
  const auto n = problem.parts[member].judged().size();
  if (out.logits.rows() != n ||
      out.logits.cols() != 1 + size_of(out.net->encoders()) ||
      size_of(out.scored) != n || size_of(out.n_unseen) != n) {
    throw FormatError("The archive of a member does not fit its pairs.");
  }
  out.history = get_history(archive);
  out.converged = archive.bytes("converged").at(0) != 0;
  return out;
}

}  // namespace musl::nn
