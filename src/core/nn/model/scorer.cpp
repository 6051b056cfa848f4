#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "musl/device.h"
#include "musl/error.h"
#include "musl/pair_scorer.h"
#include "nn/base/boundary.h"
#include "nn/base/weights.h"
#include "nn/infer/predictor.h"
#include "nn/inputs/batcher.h"
#include "nn/model/model_impl.h"
#include "nn/nets/gene_stage.h"

namespace musl {

namespace {

constexpr int kCudaMicroBatch = 4096;

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

nn::PartnerInputs partner_inputs(const Model::Impl& model, const Dataset& data,
                                 const PairSet& asked, int threads) {
  return nn::make_partner_inputs(
      model.reads_partners() ? partner_spaces(data, model.preprocess, threads)
                             : std::vector<NodeBlock>{},
      data.known, asked, data.n_genes, threads);
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

/// One network of the model with all that feeds it.
struct Member {
  Member(const Model::Impl& model, int number, const Dataset& data,
         const nn::PartnerInputs& partners, const PredictOptions& options,
         torch::Device device)
      : net(device.is_cpu()
                ? model.nets[static_cast<std::size_t>(number)]
                : nn::copy_net(model.nets[static_cast<std::size_t>(number)],
                               device)),
        batcher(data, model.preprocess, partners, net->input_names(),
                net->sizes(), device,
                silent_encoders(model.architecture, options.encoders)),
        genes(net->gene_encoders(), data, model.preprocess, device,
              options.threads, number, model.n_members()),
        predictor(net, data, batcher, genes) {}

  nn::MuslNet net;
  nn::Batcher batcher;
  nn::GeneStage genes;
  nn::Predictor predictor;
  nn::Tensor vectors;  // (G, Dg), once they are prepared
};

}  // namespace

struct PairScorer::Impl {
  Impl(const Model& fitted, const Dataset& dataset, const PairSet& asked,
       const PredictOptions& how)
      : model(fitted),
        data(dataset),
        options(how),
        device(resolve_device(how.device)) {
    check_pairs(asked, data.n_genes);
    nn::check_dataset(model.impl(), data);
    partners = partner_inputs(model.impl(), data, asked, options.threads);
    nn::check_partners(model.impl(), partners.known);
    for (int i = 0; i < model.n_members(); ++i) {
      members.push_back(std::make_unique<Member>(model.impl(), i, data,
                                                 partners, options, device));
    }
  }

  [[nodiscard]] nn::ScoreRequest request(int member, const Tick& tick) const {
    nn::ScoreRequest request;
    request.stack = nn::stack_tensor(model.stack());
    request.parts = options.parts;
    request.embedding = options.embedding;
    request.bfloat16 = options.bfloat16;
    request.threads = options.threads;
    request.micro_batch = device.is_cpu()
                              ? options.micro_batch
                              : std::max(options.micro_batch, kCudaMicroBatch);
    request.gene_vectors = members[static_cast<std::size_t>(member)]->vectors;
    if (!tick) return request;
    const int n = model.n_members();
    request.tick = [&tick, member, n](std::int64_t done, std::int64_t all) {
      return tick(member * all + done, n * all);
    };
    return request;
  }

  Model model;  // shares the state that everything below looks into
  const Dataset& data;
  PredictOptions options;
  torch::Device device;
  nn::PartnerInputs partners;
  std::vector<std::unique_ptr<Member>> members;
};

PairScorer::PairScorer(const Model& model, const Dataset& data,
                       const PairSet& asked, const PredictOptions& options)
    : impl_(nn::at_boundary("Predicting", [&] {
        const nn::SingleThreadGuard single_thread;
        return std::make_unique<Impl>(model, data, asked, options);
      })) {}

PairScorer::PairScorer(PairScorer&&) noexcept = default;
PairScorer& PairScorer::operator=(PairScorer&&) noexcept = default;
PairScorer::~PairScorer() = default;

void PairScorer::prepare_all_genes() {
  nn::at_boundary("Predicting", [&] {
    const nn::SingleThreadGuard single_thread;
    for (auto& member : impl_->members) {
      if (member->net->gene_width() == 0) continue;
      member->vectors = nn::to_tensor(member->genes.all_vectors(data().n_genes))
                            .to(impl_->device);
    }
  });
}

Prediction PairScorer::score(const PairSet& pairs, const Tick& tick) const {
  return nn::at_boundary("Predicting", [&] {
    check_pairs(pairs, data().n_genes);
    const nn::SingleThreadGuard single_thread;
    Prediction sum;
    for (int i = 0; i < impl_->model.n_members(); ++i) {
      const auto& member = *impl_->members[static_cast<std::size_t>(i)];
      add_prediction(member.predictor.score(pairs, impl_->request(i, tick)),
                     &sum);
    }
    divide_prediction(impl_->model.n_members(), &sum);
    return sum;
  });
}

const Dataset& PairScorer::data() const { return impl_->data; }

const KnownPartners& PairScorer::partners() const {
  return impl_->partners.known;
}

Matrix PairScorer::gene_vectors() const {
  return nn::at_boundary("Predicting", [&] {
    const nn::SingleThreadGuard single_thread;
    Matrix all(data().n_genes, 0);
    for (const auto& member : impl_->members) {
      if (member->net->gene_width() == 0) continue;
      append_columns(member->genes.all_vectors(data().n_genes), &all);
    }
    return all;
  });
}

}  // namespace musl
