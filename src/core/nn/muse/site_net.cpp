#include "nn/muse/site_net.h"

#include "base/numbers.h"
#include "base/parallel.h"
#include "muse/residue_neighbourhood.h"
#include "nn/learn/learner.h"

namespace musl::nn {

namespace {

/// How many chains are scored at once.
std::int64_t chains_at_once(const SiteNet& net) {
  return net->parameters().front().is_cpu() ? 4 : 32;
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
  const auto score = [&](std::int64_t first, std::int64_t last) {
    adopt_thread_limit();
    const torch::NoGradGuard no_grad;
    const Tensor found =
        net->forward(chains, {chosen.begin() + first, chosen.begin() + last},
                     /*rng=*/nullptr)
            .to(torch::kCPU)
            .contiguous();
    const float* value = found.data_ptr<float>();
    for (auto i = first; i < last; ++i) {
      const auto length = chains.sequences[at(chosen[at(i)])].size();
      out[at(i)].assign(value, value + length);
      value += length;
    }
  };
  parallel_blocks(size_of(chosen), chains_at_once(net), threads, score, tick);
  return out;
}

}  // namespace musl::nn
