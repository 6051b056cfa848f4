#include "nn/fuse/contrastive.h"
#include "nn/learn/loss_kind.h"

namespace musl::nn {
namespace {

Tensor genes_on(const std::vector<std::int32_t>& genes, torch::Device device) {
  return torch::tensor(genes, torch::kInt32).to(device, torch::kInt64);
}

/// The mean over the chunk, counted once a pair.
[[maybe_unused]] const bool kAlignmentRegistered =
    register_loss({"alignment",
                   [](const TermInput& input) {
                     const NetOutput& out = input.output.all();
                     const auto device = out.present.device();
                     return contrastive_loss(out.projected, out.present,
                                             genes_on(input.pairs.a, device),
                                             genes_on(input.pairs.b, device),
                                             input.net.config().temperature) *
                            static_cast<double>(input.pairs.size());
                   },
                   /*has_branch=*/false});

/// By the target's values; pairs with weight 0 are left out. The mean over the
/// chunk, counted once per pair.
[[maybe_unused]] const bool kSupervisedRegistered =
    register_loss({"supervised_alignment",
                   [](const TermInput& input) {
                     const NetOutput& out = input.output.all();
                     const Tensor& label = input.target.value;
                     const Tensor known = input.target.weight.defined()
                                              ? input.target.weight
                                              : torch::ones_like(label);
                     return supervised_contrastive_loss(
                                out.projected, out.present, label, known,
                                input.net.config().temperature) *
                            static_cast<double>(input.pairs.size());
                   },
                   /*has_branch=*/false});

}  // namespace
}  // namespace musl::nn
