#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <utility>

#include "musl/error.h"
#include "musl/file.h"
#include "musl/partners.h"
#include "musl/rng.h"
#include "nn/base/device.h"
#include "nn/base/weights.h"
#include "nn/infer/predictor.h"
#include "nn/inputs/batcher.h"
#include "nn/learn/musl_learner.h"
#include "nn/learn/phase.h"
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

namespace {

using Json = nlohmann::json;
using Shape = std::vector<std::int64_t>;

constexpr char kMemberWeights[] = "weights/";

template <typename T>
void add(const std::vector<T>& values, ContentHash* hash) {
  hash->update(values.data(), values.size() * sizeof(T));
}

/// What the joining process must share with the member's process.
///
/// before  the network before its training
std::string identity_of(const FitProblem& problem, const FitStart& start,
                        std::size_t member, const MuslNet& before) {
  const auto& [training, validation, calibration] = problem.parts[member];
  const PairSet& pool = start.model->data.known;
  ContentHash hash;
  add(pool.a, &hash);
  add(pool.b, &hash);
  add(pool.label, &hash);
  Json identity = Json::parse(run_identity(
      start.model->architecture, member_control(problem.control, member),
      training, joined(validation, calibration), parameters_of(*before)));
  identity["member"] = member + 1;
  identity["ensemble"] = problem.parts.size();
  identity["genes"] = start.model->data.n_genes;
  identity["pairs of all members"] = hash.hex();
  return identity.dump();
}

void require(bool holds, const std::string& what) {
  if (!holds) {
    throw FormatError("The archive of a member is damaged: " + what + ".");
  }
}

std::string metadata(const Archive& archive, const std::string& name) {
  const auto found = archive.metadata.find(name);
  require(found != archive.metadata.end(), "it lacks \"" + name + "\"");
  return found->second;
}

void require_shape(const Archive& archive, const std::string& name,
                   const Shape& shape) {
  require(archive.shape(name) == shape,
          "tensor \"" + name + "\" has another size than the pairs");
}

void read_scores(const Archive& archive, std::int64_t n_pairs,
                 std::int64_t n_logits, Member* member) {
  require_shape(archive, "logits", {n_pairs, n_logits});
  require_shape(archive, "scored", {n_pairs});
  require_shape(archive, "n_unseen", {n_pairs});
  const auto logits = archive.floats("logits");
  member->logits = Eigen::Map<const Matrix>(logits.data(), n_pairs, n_logits);
  member->scored = archive.bytes("scored");
  member->n_unseen = archive.ints("n_unseen");
  require(std::all_of(member->n_unseen.begin(), member->n_unseen.end(),
                      [](int n) { return n >= 0 && n <= 2; }),
          "a pair does not have 0, 1 or 2 unseen genes");
  for (std::int64_t i = 0; i < n_pairs; ++i) {
    require(member->scored[static_cast<std::size_t>(i)] == 0 ||
                member->logits.row(i).allFinite(),
            "a score is not finite");
  }
}

void read_weights(const Archive& archive, MuslNetImpl* net) {
  const auto parameters = parameters_of(*net);
  copy_parameters(archive, kMemberWeights, parameters);
  const auto n_weights = std::count_if(
      archive.tensors.begin(), archive.tensors.end(), [](const auto& item) {
        return item.first.rfind(kMemberWeights, 0) == 0;
      });
  require(n_weights == static_cast<std::ptrdiff_t>(parameters.names.size()),
          "it holds weights that this architecture does not have");
  net->eval();
}

Member read_member(const FitProblem& problem, const FitStart& start,
                   std::size_t member, const Archive& archive) {
  Member trained;
  trained.net = start_net(problem, start, member);
  const std::string stored = metadata(archive, "identity");
  const std::string own = identity_of(problem, start, member, trained.net);
  if (stored != own) {
    throw FormatError("The archive of member " + std::to_string(member + 1) +
                      " belongs to another one; they differ in " +
                      first_difference(stored, own) + ".");
  }
  read_weights(archive, trained.net.get());
  read_scores(archive, problem.parts[member].judged().size(),
              1 + static_cast<std::int64_t>(trained.net->encoders().size()),
              &trained);
  trained.history = get_history(archive);
  const auto converged = archive.bytes("converged");
  require(converged.size() == 1, "it tells nothing or too much of its end");
  trained.converged = converged[0] != 0;
  return trained;
}

}  // namespace

Archive to_archive(const FitProblem& problem, const FitStart& start,
                   std::size_t member, const Member& trained) {
  Archive archive;
  archive.metadata["identity"] =
      identity_of(problem, start, member, start_net(problem, start, member));
  put_history(trained.history, &archive);
  put_parameters(kMemberWeights, parameters_of(*trained.net), &archive);
  const auto n = static_cast<std::int64_t>(trained.scored.size());
  archive.put("logits", {trained.logits.rows(), trained.logits.cols()},
              trained.logits.data());
  archive.put("scored", {n}, trained.scored.data());
  archive.put("n_unseen", {n}, trained.n_unseen.data());
  const std::uint8_t converged = trained.converged ? 1 : 0;
  archive.put("converged", {1}, &converged);
  return archive;
}

Member from_archive(const FitProblem& problem, const FitStart& start,
                    std::size_t member, const Archive& archive) {
  try {
    return read_member(problem, start, member, archive);
  } catch (const Json::exception& error) {
    throw FormatError(std::string("The archive of a member is damaged: ") +
                      error.what());
  }
}

}  // namespace musl::nn
