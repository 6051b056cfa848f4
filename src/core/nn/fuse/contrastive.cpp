#include "nn/fuse/contrastive.h"

#include "musl/error.h"
#include "nn/fuse/fusion.h"

namespace musl::nn {
namespace {

constexpr double kTinyNorm = 1e-8;

Tensor unit_rows(const Tensor& x) {
  return x / x.norm(2, /*dim=*/-1, /*keepdim=*/true).clamp_min(kTinyNorm);
}

/// (..., B, B), true if two different pairs share a gene.
Tensor share_gene(const Tensor& a, const Tensor& b) {
  const auto equal = [](const Tensor& x, const Tensor& y) {
    return x.unsqueeze(-1) == y.unsqueeze(-2);
  };
  const auto any = equal(a, a)
                       .logical_or(equal(a, b))
                       .logical_or(equal(b, a))
                       .logical_or(equal(b, b));
  const auto self = torch::eye(a.size(-1), any.options());
  return any.logical_and(~self);
}

/// (...) mean over the rows with `take` of -log softmax at the diagonal; the
/// columns of `hidden` (..., B, B) are left out of each row's denominator.
Tensor info_nce(const Tensor& similarity, const Tensor& hidden,
                const Tensor& take, const Tensor& count) {
  const auto open = similarity.masked_fill(hidden, kMasked);
  const auto loss =
      torch::logsumexp(open, -1) - similarity.diagonal(0, -2, -1);  // (..., B)
  return loss.masked_fill(~take, 0.0).sum(-1) / count.clamp_min(1);
}

void check_present(const std::vector<Tensor>& projected,
                   const Tensor& present) {
  if (!projected.empty() &&
      present.size(-1) == static_cast<std::int64_t>(projected.size())) {
    return;
  }
  throw ShapeError("present must have one column for each modality; found " +
                   std::to_string(present.size(-1)) + " for " +
                   std::to_string(projected.size()) + ".");
}

}  // namespace

Tensor contrastive_loss(const std::vector<Tensor>& projected,
                        const Tensor& present, const Tensor& gene_a,
                        const Tensor& gene_b, double temperature) {
  check_present(projected, present);
  std::vector<Tensor> unit;
  unit.reserve(projected.size());
  for (const auto& x : projected) unit.push_back(unit_rows(x));
  const auto shared = share_gene(gene_a, gene_b);
  Tensor sum = torch::zeros({}, projected[0].options()), terms = sum;
  const auto has = [&](std::size_t m) {
    return present.select(-1, static_cast<std::int64_t>(m)) != 0;
  };
  for (std::size_t i = 0; i < unit.size(); ++i) {
    for (std::size_t j = i + 1; j < unit.size(); ++j) {
      const auto take = has(i).logical_and(has(j));
      const auto count = take.sum(-1).to(sum.scalar_type());
      const auto hidden = shared.logical_or(~take.unsqueeze(-2));
      const auto similarity =
          torch::matmul(unit[i], unit[j].transpose(-2, -1)) / temperature;
      const auto both =
          info_nce(similarity, hidden, take, count) +
          info_nce(similarity.transpose(-2, -1), hidden, take, count);
      const auto counts = (count >= 2).to(sum.scalar_type());
      sum = sum + 0.5 * counts * both;
      terms = terms + counts;
    }
  }
  return sum / terms.clamp_min(1);
}

Tensor supervised_contrastive_loss(const std::vector<Tensor>& projected,
                                   const Tensor& present, const Tensor& label,
                                   double temperature) {
  check_present(projected, present);
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
