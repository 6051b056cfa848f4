#include "nn/learn/musl_losses.h"

#include <utility>
#include <vector>

#include "musl/error.h"
#include "nn/fuse/contrastive.h"

namespace musl::nn {

namespace {

constexpr char kCrossEntropy[] = "bce";
constexpr char kAlignment[] = "alignment";
constexpr char kSupervised[] = "supervised_alignment";

Tensor genes_on(const std::vector<std::int32_t>& genes, torch::Device device) {
  return torch::tensor(genes, torch::kInt32).to(device, torch::kInt64);
}

Tensor alignment_of(const NetOutput& out, const PairSet& pairs,
                    double temperature) {
  const auto device = out.present.device();
  return contrastive_loss(out.projected, out.present, genes_on(pairs.a, device),
                          genes_on(pairs.b, device), temperature);
}

}  // namespace

ChunkOutput::ChunkOutput(MuslNet net, int only, const PairBatch& batch)
    : net_(std::move(net)), only_(only) {
  if (only_ < 0) {
    out_ = net_->forward(batch);
    return;
  }
  only_output_.logit = net_->branch_forward(only_, batch);  // (B)
  only_output_.present =
      net_->encoders()[static_cast<std::size_t>(only_)]->mask(batch);  // (B)
}

const NetOutput& ChunkOutput::all() const {
  if (only_ < 0) return out_;
  throw InternalError(
      "A loss reads the whole network where one branch ran alone. Please "
      "report this.");
}

BranchOutput ChunkOutput::of(const std::string& branch) const {
  if (only_ >= 0) return only_output_;
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

void check_loss_kind(const std::string& kind) {
  if (kind == kCrossEntropy || kind == kAlignment || kind == kSupervised) {
    return;
  }
  throw InputError("A loss must be one of \"" + std::string(kAlignment) +
                   "\", \"" + kCrossEntropy + "\", \"" + kSupervised +
                   "\", not \"" + kind + "\".");
}

bool has_branch(const std::string& kind) { return kind == kCrossEntropy; }

Tensor cross_entropy_of(const BranchOutput& output, const Tensor& label) {
  const bool wide = output.logit.dim() > 1;
  const Tensor target =
      wide ? label.unsqueeze(1).expand_as(output.logit) : label;
  return torch::binary_cross_entropy_with_logits(output.logit, target, {}, {},
                                                 at::Reduction::None) *
         output.present;
}

Tensor loss_sum(const LossTerm& term, double temperature, const PairSet& pairs,
                const ChunkOutput& output, const Tensor& label) {
  if (has_branch(term.kind)) {
    const BranchOutput branch = output.of(term.branch);
    const Tensor sum = cross_entropy_of(branch, label).sum();
    return branch.among.defined() ? sum / branch.among : sum;
  }
  const NetOutput& out = output.all();
  const Tensor mean = term.kind == kSupervised
                          ? supervised_contrastive_loss(
                                out.projected, out.present, label, temperature)
                          : alignment_of(out, pairs, temperature);
  return mean * static_cast<double>(pairs.size());
}

}  // namespace musl::nn
