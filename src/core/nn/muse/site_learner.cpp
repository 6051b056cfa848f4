#include "nn/muse/site_learner.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "muse/residue_graph.h"
#include "musl/parallel.h"
#include "nn/learn/phase.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kFewestChains = 4;  // of a batch

/// How many chains are scored at once.
std::int64_t chains_at_once(const SiteNet& net) {
  return net->parameters().front().is_cpu() ? 4 : 32;
}

Phase site_phase(const ControlConfig& control) {
  Phase phase = phase_of("sites", control);
  phase.losses = {{"bce", "sites"}};
  phase.monitored = "sites";
  return phase;
}

}  // namespace

SiteNetImpl::SiteNetImpl(const SiteShape& shape) {
  if (shape.kind == NodeKind::residues) {
    residues_ = register_module(
        "stage", std::make_shared<ResidueStage>(shape.width,
                                                kNeighbourhood + shape.columns,
                                                shape.dropout, kOrientations));
  } else {
    sequence_ = register_module(
        "stage", std::make_shared<SequenceStage>(shape.width, shape.dropout,
                                                 /*crop=*/0));
  }
  head_ = register_module(
      "head", Mlp(std::vector<std::int64_t>{shape.width, shape.width, 1},
                  /*norm=*/true, shape.dropout));
}

Tensor SiteNetImpl::forward(const SiteChains& chains,
                            const std::vector<std::int64_t>& chosen,
                            ChunkRng* rng) {
  const Tensor vectors =
      residues_
          ? residues_->forward(nn::chosen(chains.graphs, chosen), rng).residues
          : sequence_->forward(nn::chosen(chains.sequences, chosen), rng)
                .residues;                         // (R, D)
  return head_->forward(vectors, rng).squeeze(1);  // (R)
}

ResidueValues score_sites(SiteNet net, const SiteChains& chains,
                          const std::vector<std::int64_t>& chosen, int threads,
                          const Tick& tick) {
  ResidueValues out(chosen.size());
  const auto n = static_cast<std::int64_t>(chosen.size());
  const std::int64_t size = chains_at_once(net);
  parallel_for(
      (n + size - 1) / size, threads,
      [&](std::int64_t block) {
        adopt_thread_limit();
        const torch::NoGradGuard no_grad;
        const auto first = block * size, last = std::min(n, first + size);
        const Tensor found =
            net->forward(chains,
                         {chosen.begin() + first, chosen.begin() + last},
                         /*rng=*/nullptr)
                .to(torch::kCPU)
                .contiguous();
        const float* value = found.data_ptr<float>();
        for (auto i = first; i < last; ++i) {
          const auto length = chains
                                  .sequences[static_cast<std::size_t>(
                                      chosen[static_cast<std::size_t>(i)])]
                                  .size();
          out[static_cast<std::size_t>(i)].assign(value, value + length);
          value += length;
        }
      },
      tick);
  return out;
}

SiteLearner::SiteLearner(SiteNet net, const SiteProblem& problem)
    : net_(std::move(net)),
      problem_(problem),
      phases_{site_phase(problem.control)} {
  double labelled = 0;
  for (std::size_t i = 0; i < problem.data.label.size(); ++i) {
    const auto& label = problem.data.label[i];
    const auto known =
        std::count_if(label.begin(), label.end(),
                      [](float value) { return !std::isnan(value); });
    if (known == 0) continue;
    const bool judges = problem.data.validation[i] != 0;
    (judges ? validation_ : training_).push_back(static_cast<std::int64_t>(i));
    if (judges) {
      judged_.insert(judged_.end(), label.begin(), label.end());
    } else {
      labelled += static_cast<double>(known);
    }
  }
  mean_labelled_ = labelled / static_cast<double>(training_.size());
}

std::int64_t SiteLearner::batch_items(int batch_size) const {
  const auto chains = std::llround(batch_size / mean_labelled_);
  return std::max<std::int64_t>(chains, kFewestChains);
}

std::int64_t SiteLearner::chunk_size() const {
  return (batch_items(problem_.control.batch_size) + 1) / 2;
}

ChunkLoss SiteLearner::chunk_loss(const Chunk& chunk) const {
  adopt_thread_limit();
  ChunkRng rng = chunk.is_whole() ? chunk.rng() : chunk.part_rng();
  std::vector<std::int64_t> chains;
  std::vector<float> label, known;
  for (const auto item : chunk.own_items()) {
    const auto chain = training_[static_cast<std::size_t>(item)];
    chains.push_back(chain);
    for (const float value :
         problem_.data.label[static_cast<std::size_t>(chain)]) {
      label.push_back(std::isnan(value) ? 0.0f : value);
      known.push_back(std::isnan(value) ? 0.0f : 1.0f);
    }
  }
  const Tensor found = net_->forward(problem_.chains, chains, &rng);  // (R)
  const Tensor weight = torch::tensor(known).to(found.device());
  const Tensor loss = torch::binary_cross_entropy_with_logits(
                          found, torch::tensor(label).to(found.device()),
                          weight, {}, at::Reduction::None)
                          .sum();
  // The Trainer divides by items.
  return {{loss / mean_labelled_}, loss.detach(), weight.sum(), {}};
}

std::vector<double> SiteLearner::score(std::int64_t first, std::int64_t n,
                                       const Tick& tick) const {
  const ResidueValues found = score_sites(net_, problem_.chains, validation_,
                                          problem_.control.threads, tick);
  std::vector<double> all;
  for (const auto& chain : found) {
    all.insert(all.end(), chain.begin(), chain.end());
  }
  return {all.begin() + first, all.begin() + first + n};
}

Evaluation SiteLearner::validate(const std::vector<double>& score) const {
  std::vector<std::uint8_t> use;
  for (const float label : judged_) use.push_back(std::isnan(label) ? 0 : 1);
  return evaluate_scores(score, judged_, use);
}

}  // namespace musl::nn
