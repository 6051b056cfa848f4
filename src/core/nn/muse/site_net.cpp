#include "nn/muse/site_net.h"

#include "muse/residue_neighbourhood.h"

namespace musl::nn {

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

}  // namespace musl::nn
