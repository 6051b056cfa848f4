#include "nn/learn/rank_loss.h"

namespace musl::nn {

Tensor rank_loss(const Tensor& logit, const Tensor& label, const Tensor& weight,
                 const Tensor& group) {
  const auto rows = [&](const Tensor& chosen) {
    return chosen.nonzero().squeeze(1);
  };
  const Tensor hits = rows(label.gt(0.5)), others = rows(label.le(0.5));
  const auto of = [](const Tensor& x, const Tensor& at) {
    return x.index_select(0, at);
  };
  const Tensor among =
      of(group, hits).unsqueeze(1).eq(of(group, others).unsqueeze(0)).to(logit);
  const Tensor ahead =
      of(logit, others).unsqueeze(0) - of(logit, hits).unsqueeze(1);
  const Tensor sums = (torch::softplus(ahead) * among).sum(1);
  return (of(weight, hits) * sums / among.sum(1).clamp_min(1)).sum();
}

}  // namespace musl::nn
