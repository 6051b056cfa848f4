#include "nn/learn/loss_kind.h"

namespace musl::nn {

Tensor cross_entropy_of(const Heard& heard, const Target& target) {
  const bool wide = heard.logit.dim() > 1;
  const auto like = [&](const Tensor& x) {
    return wide ? x.unsqueeze(1).expand_as(heard.logit) : x;
  };
  Tensor each =
      torch::binary_cross_entropy_with_logits(heard.logit, like(target.value),
                                              {}, {}, at::Reduction::None) *
      heard.present;
  if (target.weight.defined()) each = each * like(target.weight);
  return each;
}

namespace {

[[maybe_unused]] const bool kBceRegistered =
    register_loss({"bce", [](const TermInput& input) {
                     const Heard heard = input.output.hear(input.term.branch);
                     const Tensor sum =
                         cross_entropy_of(heard, input.target).sum();
                     return heard.among.defined() ? sum / heard.among : sum;
                   }});

}  // namespace
}  // namespace musl::nn
