#include "nn/model/scorer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/linear_algebra.h"
#include "nn/base/boundary.h"
#include "nn/base/device.h"
#include "nn/infer/attribution.h"
#include "nn/infer/mean_attribution.h"
#include "nn/infer/predictor.h"
#include "nn/inputs/batcher.h"
#include "nn/model/networks.h"
#include "nn/nets/gene_stage.h"

namespace musl::nn {

namespace {

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

PartnerInputs partner_inputs(const ModelState& model, const Dataset& data,
                             const PairSet& asked, int threads) {
  if (&data == &model.data) {
    const KnownPartners known = networks_of(model).own_partners(model, threads);
    return {known, OutOfFold(known.spaces(), data.known, asked, data.n_genes,
                             threads)};
  }
  return make_partner_inputs(spaces_read(model, data, threads), data.known,
                             asked, data.n_genes, threads);
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

/// One network of the model with its genes.
struct ReadyMember {
  /// first  the stage of the first member, whose inputs the others share, or
  ///        null
  ReadyMember(const ModelState& model, int number, const Dataset& data,
              int threads, torch::Device device, const GeneStage* first)
      : net(device.is_cpu()
                ? networks_of(model).nets[static_cast<std::size_t>(number)]
                : copy_net(
                      networks_of(model).nets[static_cast<std::size_t>(number)],
                      device)),
        genes(make_stage(model, number, data, threads, device, first)) {}

  [[nodiscard]] std::shared_ptr<const GeneStage> make_stage(
      const ModelState& model, int number, const Dataset& data, int threads,
      torch::Device device, const GeneStage* first) const {
    const TorchNetworks& networks = networks_of(model);
    // From the blocks, also beside vectors of prepare_vectors(), which are for
    // other datasets to read: explanations need the blocks.
    const bool own_blocks =
        &data == &model.data && networks.reads_own_blocks(model);
    if (own_blocks && device.is_cpu()) {
      return networks.own_stage(model, number, threads);
    }
    if (first != nullptr && (own_blocks || data.gene_vectors.size() == 0)) {
      return std::make_shared<GeneStage>(net->gene_encoders(), *first);
    }
    return std::make_shared<GeneStage>(
        net->gene_encoders(), data, model.preprocess, device, threads,
        StoredVectors{number, networks.n_members(), own_blocks});
  }

  MuslNet net;
  std::shared_ptr<const GeneStage> genes;
  Tensor vectors;  // (G, Dg), once they are prepared
};

class NetworkScorer final : public PairScorer {
 public:
  NetworkScorer(const Model& fitted, const Dataset& dataset,
                const PairSet& asked, const PredictOptions& how)
      : model_(fitted),
        data_(dataset),
        options_(how),
        device_(device_of(how.device)) {
    check_pairs(asked, data_.n_genes);
    check_dataset(model_.state(), networks_of(model_.state()), data_);
    partners_ = partner_inputs(model_.state(), data_, asked, options_.threads);
    for (int i = 0; i < model_.n_members(); ++i) {
      members_.push_back(std::make_unique<ReadyMember>(
          model_.state(), i, data_, options_.threads, device_,
          members_.empty() ? nullptr : members_.front()->genes.get()));
    }
    const MuslNet& net = members_.front()->net;
    batcher_.emplace(
        InputContext{data_, model_.state().preprocess, partners_},
        net->wanted(), net->sizes(), device_,
        silent_encoders(model_.state().architecture, options_.encoders));
  }

  void prepare_all_genes() override {
    at_boundary("Predicting", [&] {
      const SingleThreadGuard single_thread;
      for (auto& member : members_) {
        if (member->net->gene_width() == 0) continue;
        member->vectors =
            member->genes->remembers()
                ? member->genes->remembered()
                : to_tensor(member->genes->all_vectors(data_.n_genes))
                      .to(device_);
      }
    });
  }

  [[nodiscard]] Prediction score(const PairSet& pairs,
                                 const musl::Tick& tick) const override {
    return at_boundary("Predicting", [&] {
      check_pairs(pairs, data_.n_genes);
      const SingleThreadGuard single_thread;
      std::vector<PredictedNet> nets;
      for (const auto& member : members_) {
        nets.push_back({member->net, member->genes.get(), member->vectors});
      }
      const Predictor predictor(std::move(nets), data_, *batcher_);
      Prediction sum;
      for (auto& one : predictor.score(pairs, request(tick))) {
        add_prediction(std::move(one), &sum);
      }
      divide_prediction(model_.n_members(), &sum);
      return sum;
    });
  }

  [[nodiscard]] Attribution attribute(std::int32_t a, std::int32_t b,
                                      int most_steps) const override {
    if (a == b) throw InputError("A pair must be of two genes.");
    return at_boundary("Explaining", [&] {
      check_pairs({{a}, {b}, {}}, data_.n_genes);
      const SingleThreadGuard single_thread;
      const InputContext context{data_, model_.state().preprocess, partners_};
      const auto stack = stack_tensor(model_.stack());
      std::vector<Attribution> of_members;
      for (const auto& member : members_) {
        of_members.push_back(musl::nn::attribute(
            {member->net, context, *batcher_, *member->genes}, std::min(a, b),
            std::max(a, b), stack, most_steps));
      }
      return mean_attribution(of_members);
    });
  }

 private:
  [[nodiscard]] ScoreRequest request(const musl::Tick& tick) const {
    ScoreRequest request;
    request.stack = stack_tensor(model_.stack());
    request.parts = options_.parts;
    request.embedding = options_.embedding;
    request.threads = options_.threads;
    request.micro_batch = options_.micro_batch;
    if (!tick) return request;
    const int n = model_.n_members();
    request.tick = [&tick, n](std::int64_t done, std::int64_t all) {
      return tick(n * done, n * all);
    };
    return request;
  }

  Model model_;  // shares the state that everything below looks into
  const Dataset& data_;
  PredictOptions options_;
  torch::Device device_;
  PartnerInputs partners_;
  std::vector<std::unique_ptr<ReadyMember>> members_;
  std::optional<Batcher> batcher_;
};

}  // namespace

std::unique_ptr<PairScorer> network_pair_scorer(const Model& model,
                                                const Dataset& data,
                                                const PairSet& asked,
                                                const PredictOptions& options) {
  return at_boundary("Predicting", [&]() -> std::unique_ptr<PairScorer> {
    const SingleThreadGuard single_thread;
    return std::make_unique<NetworkScorer>(model, data, asked, options);
  });
}

}  // namespace musl::nn
