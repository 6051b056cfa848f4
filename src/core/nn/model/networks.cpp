#include "nn/model/networks.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/linear_algebra.h"
#include "data/partner_spaces.h"
#include "nn/base/boundary.h"
#include "nn/base/parameters.h"
#include "nn/encoders/encoder.h"
#include "nn/inputs/batcher.h"
#include "nn/inputs/pair_input.h"
#include "nn/model/backend_functions.h"
#include "nn/model/node_members.h"
#include "nn/model/scorer.h"

namespace musl::nn {

bool reads_partners(const ArchitectureConfig& architecture) {
  const auto& encoders = architecture.encoders;
  return std::any_of(encoders.begin(), encoders.end(), [](const auto& encoder) {
    const auto inputs = pair_inputs(encoder_info(encoder).reads);
    return std::any_of(inputs.begin(), inputs.end(), [](const auto* input) {
      return input->reads_partners();
    });
  });
}

void check_dataset(const ModelState& model, const TorchNetworks& networks,
                   const Dataset& data) {
  const MuslNetImpl& net = *networks.nets.front();
  check_pairs(data.known, data.n_genes);
  const KnownSizes known{model.data, model.preprocess, model.architecture.bins,
                         networks.n_members() * net.gene_width()};
  for (const auto& name : net.wanted().inputs) {
    pair_input(name).check(known, data);
  }
}

std::int64_t TorchNetworks::n_parameters() const {
  return count_parameters(nets);
}

void TorchNetworks::put_weights(Archive* archive) const {
  at_boundary("Storing a model", [&] { put_members(nets, archive); });
}

void TorchNetworks::prepare(int threads, ModelState* model) const {
  Dataset& data = model->data;
  if (data.gene_vectors.size() > 0 || !reads_partners(model->architecture)) {
    return;
  }
  data.spaces = partner_spaces(data, model->preprocess, threads);
}

void TorchNetworks::prepare_vectors(int threads, ModelState* model) const {
  if (model->data.gene_vectors.size() > 0) return;
  at_boundary("Preparing a model", [&] {
    const SingleThreadGuard single_thread;
    Matrix vectors;
    for (int i = 0; i < n_members(); ++i) {
      const auto genes = own_stage(*model, i, threads);
      if (genes == nullptr) return;
      append_columns(genes->all_vectors(model->data.n_genes), &vectors);
    }
    model->data.gene_vectors = std::move(vectors);
  });
}

std::shared_ptr<const Networks> TorchNetworks::afresh() const {
  auto out = std::make_shared<TorchNetworks>();
  out->nets = nets;
  return out;
}

bool TorchNetworks::reads_own_blocks(const ModelState& model) const {
  const Dataset& data = model.data;
  if (nets.front()->gene_width() == 0 || data.blocks.empty()) return false;
  const std::lock_guard<std::mutex> lock(making_stages_);
  // Vectors of prepare_vectors() leave stages of the blocks; vectors that a
  // file brought replace its blocks.
  return data.gene_vectors.size() == 0 || !stages_.empty();
}

std::shared_ptr<const GeneStage> TorchNetworks::own_stage(
    const ModelState& model, int member, int threads) const {
  const Dataset& data = model.data;
  if (!reads_own_blocks(model)) return nullptr;
  const std::lock_guard<std::mutex> lock(making_stages_);
  stages_.resize(nets.size());
  // All members read the same inputs, those of the first.
  for (const int i : {0, member}) {
    auto& stage = stages_[static_cast<std::size_t>(i)];
    if (stage != nullptr) continue;
    const auto encoders = nets[static_cast<std::size_t>(i)]->gene_encoders();
    const auto made =
        i == 0 ? std::make_shared<GeneStage>(
                     encoders, data, model.preprocess, torch::kCPU, threads,
                     StoredVectors{0, 1, /*are_ignored=*/true})
               : std::make_shared<GeneStage>(encoders, *stages_.front());
    made->remember(data.n_genes);
    stage = made;
  }
  return stages_[static_cast<std::size_t>(member)];
}

KnownPartners TorchNetworks::own_partners(const ModelState& model,
                                          int threads) const {
  const std::lock_guard<std::mutex> lock(making_partners_);
  if (!partners_) {
    const Dataset& data = model.data;
    partners_.emplace(spaces_read(model, data, threads), data.known,
                      data.n_genes, threads);
  }
  return *partners_;
}

const TorchNetworks& networks_of(const ModelState& model) {
  return static_cast<const TorchNetworks&>(*model.networks);
}

const MuslNetImpl& net_of(const ModelState& model) {
  return *networks_of(model).nets.front();
}

GeneSpaces spaces_read(const ModelState& model, const Dataset& data,
                       int threads) {
  if (!reads_partners(model.architecture)) return {};
  return partner_spaces(data, model.preprocess, threads);
}

std::shared_ptr<const Networks> read_networks(const Archive& archive,
                                              int n_members,
                                              const ModelState& state) {
  return at_boundary("Reading a model", [&] {
    auto networks = std::make_shared<TorchNetworks>();
    const auto sizes = input_sizes(state.data, state.preprocess);
    std::int64_t n_known = 0;
    for (int i = 0; i < n_members; ++i) {
      MuslNet net(state.architecture, sizes);
      const auto parameters = parameters_of(*net);
      copy_parameters(archive, member_weights(static_cast<std::size_t>(i)),
                      parameters);
      n_known += static_cast<std::int64_t>(parameters.names.size());
      net->eval();
      networks->nets.push_back(net);
    }
    const auto n_weights = std::count_if(
        archive.tensors.begin(), archive.tensors.end(),
        [](const auto& item) { return item.first.rfind("weights/", 0) == 0; });
    if (n_weights != n_known) {
      throw FormatError(
          "The model file is damaged: it holds weights that this architecture "
          "does not have.");
    }
    if (state.has_inputs) {
      check_dataset(state, *networks, state.data);
    }
    return networks;
  });
}

std::unique_ptr<PairScorer> TorchNetworks::make_scorer(
    const Model& model, const Dataset& data, const PairSet& asked,
    const PredictOptions& options) const {
  return network_pair_scorer(model, data, asked, options);
}

}  // namespace musl::nn
