#include "nn/learn/chunk_output.h"

#include <utility>

#include "musl/error.h"

namespace musl::nn {

ChunkOutput::ChunkOutput(MuslNet net, int only, const PairBatch& batch)
    : net_(std::move(net)), only_(only) {
  if (only_ < 0) {
    out_ = net_->forward(batch);
    return;
  }
  heard_.logit = net_->branch_forward(only_, batch);  // (B)
  heard_.present =
      net_->encoders()[static_cast<std::size_t>(only_)]->mask(batch);  // (B)
}

const NetOutput& ChunkOutput::all() const {
  if (only_ < 0) return out_;
  throw InternalError(
      "A loss reads the whole network where one branch ran alone. Please "
      "report this.");
}

Heard ChunkOutput::hear(const std::string& branch) const {
  if (only_ >= 0) return heard_;
  if (branch == kFused) {
    return {out_.logit, out_.present.sum(1).gt(0).to(torch::kFloat32), {}};
  }
  if (branch == kBranches) {
    const Tensor fused =
        torch::tensor(net_->fused_encoders()).to(out_.available.options());
    return {out_.branch_logits, out_.available * fused, fused.sum()};
  }
  const auto m = net_->branch_of(branch);
  return {out_.branch_logits.select(1, m), out_.available.select(1, m), {}};
}

}  // namespace musl::nn
