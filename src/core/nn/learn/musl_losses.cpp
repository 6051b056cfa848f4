#include "nn/learn/musl_losses.h"

#include <numeric>
#include <utility>
#include <vector>

#include "nn/learn/contrastive.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

namespace {

constexpr char kCrossEntropy[] = "bce";
constexpr double kTemperature = 0.1;

/// (B, ...) as groups (groups, size, ...), the last filled up with `fill`; as
/// it is if there is one group.
Tensor grouped(const Tensor& x, std::int64_t size, double fill = 0) {
  const std::int64_t n = x.size(0);
  if (n <= size) return x;
  auto shape = x.sizes().vec();
  const std::int64_t groups = (n + size - 1) / size;
  shape[0] = groups * size - n;
  const Tensor whole =
      shape[0] == 0 ? x
                    : torch::cat({x, torch::full(shape, fill, x.options())});
  shape[0] = size;
  shape.insert(shape.begin(), groups);
  return whole.view(shape);
}

/// Scalar, or (groups): the mean over each group of pairs.
Tensor contrast_of(std::int64_t group_size, const NetOutput& out,
                   const Tensor& label) {
  const auto groups = [&](const Tensor& x) { return grouped(x, group_size); };
  std::vector<Tensor> projected;
  for (const Tensor& x : out.projected) projected.push_back(groups(x));
  return supervised_contrastive_loss(projected, groups(out.present),
                                     groups(label), kTemperature);
}

/// The sum over all pairs of the means of their groups, (groups).
Tensor sum_of_means(const Tensor& mean, std::int64_t n, std::int64_t size) {
  if (mean.dim() == 0) return mean * static_cast<double>(n);
  const std::int64_t last = mean.size(0) - 1;
  return mean.narrow(0, 0, last).sum() * static_cast<double>(size) +
         mean[last] * static_cast<double>(n - last * size);
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

BranchOutput ChunkOutput::of(const std::string& branch) const {
  if (only_ >= 0) return only_output_;
  if (branch == kFused) {
    return {out_.logit, out_.present.amax(1)};
  }
  if (branch == kBranches) {
    const auto& fused = net_->fused_encoders();
    return {out_.branch_logits,
            out_.available * net_->fused_mask().to(out_.available.options()),
            std::accumulate(fused.begin(), fused.end(), 0.0)};
  }
  const auto m = net_->branch_of(branch);
  return {out_.branch_logits.select(1, m), out_.available.select(1, m)};
}

bool has_branch(const std::string& kind) { return kind == kCrossEntropy; }

Tensor cross_entropy_sum(const BranchOutput& output, const Tensor& label) {
  const bool wide = output.logit.dim() > 1;
  const Tensor target =
      wide ? label.unsqueeze(1).expand_as(output.logit) : label;
  if (!output.logit.is_cpu()) {  // the same by half the kernels
    const Tensor each =
        torch::addcmul(torch::softplus(output.logit), output.logit, target, -1);
    return torch::dot(each.flatten(), output.present.flatten());
  }
  return (torch::binary_cross_entropy_with_logits(output.logit, target, {}, {},
                                                  at::Reduction::None) *
          output.present)
      .sum();
}

Tensor loss_sum(const LossTerm& term, std::int64_t group_size,
                const ChunkOutput& output, const Tensor& label) {
  if (has_branch(term.kind)) {
    const BranchOutput branch = output.of(term.branch);
    const Tensor sum = cross_entropy_sum(branch, label);
    return branch.among > 1 ? sum / branch.among : sum;
  }
  return sum_of_means(contrast_of(group_size, output.all(), label),
                      label.size(0), group_size);
}

}  // namespace musl::nn
