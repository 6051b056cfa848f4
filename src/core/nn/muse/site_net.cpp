#include "nn/muse/site_net.h"

#include "muse/residue_neighbourhood.h"

namespace musl::nn {

namespace {

template <typename Item>
std::vector<const Item*> at(const std::vector<Item>& items,
                            const std::vector<std::int64_t>& chosen) {
  std::vector<const Item*> out;
  out.reserve(chosen.size());
  for (const auto i : chosen)
    out.push_back(&items[static_cast<std::size_t>(i)]);
  return out;
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
      residues_ ? residues_->forward(at(chains.graphs, chosen), rng).residues
                : sequence_->forward(at(chains.sequences, chosen), rng)
                      .residues;                   // (R, D)
  return head_->forward(vectors, rng).squeeze(1);  // (R)
}

}  // namespace musl::nn
