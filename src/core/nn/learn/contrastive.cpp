#include "nn/learn/contrastive.h"

#include <vector>

#include "nn/nets/fusion.h"

namespace musl::nn {

namespace {

constexpr double kTinyNorm = 1e-8;

Tensor unit_rows(const Tensor& x) {
  return x / x.norm(2, /*dim=*/-1, /*keepdim=*/true).clamp_min(kTinyNorm);
}

}  // namespace

Tensor supervised_contrastive_loss(const std::vector<Tensor>& projected,
                                   const Tensor& present, const Tensor& label,
                                   double temperature) {
  const auto unit = unit_rows(torch::cat(projected, -2));  // (..., M * B, P)
  const auto take = present.transpose(-2, -1).flatten(-2) != 0;
  const auto is_sl = torch::cat(
      std::vector<Tensor>(projected.size(), label >= 0.5), -1);  // (..., M * B)
  const auto self = torch::eye(unit.size(-2), take.options());
  const auto open =
      take.unsqueeze(-2).logical_and(~self);  // (..., M * B, M * B)
  const auto same = (is_sl.unsqueeze(-1) == is_sl.unsqueeze(-2))
                        .logical_and(open)
                        .to(unit.scalar_type());
  const auto n_same = same.sum(-1);  // (..., M * B)
  const auto similarity =
      torch::matmul(unit, unit.transpose(-2, -1)) / temperature;
  const auto loss =
      torch::logsumexp(similarity.masked_fill(~open, kMasked), -1) -
      (similarity * same).sum(-1) / n_same.clamp_min(1);
  const auto counts = take.logical_and(n_same > 0);
  return loss.masked_fill(~counts, 0.0).sum(-1) /
         counts.sum(-1).to(unit.scalar_type()).clamp_min(1);
}

}  // namespace musl::nn
