#include "nn/fuse/contrastive.h"

#include "musl/error.h"
#include "nn/fuse/fusion.h"

namespace musl::nn {
namespace {

constexpr double kTinyNorm = 1e-8;

Tensor unit_rows(const Tensor& x) {
  return x / x.norm(2, /*dim=*/1, /*keepdim=*/true).clamp_min(kTinyNorm);
}

/// (B, B), true if two different pairs share a gene.
Tensor share_gene(const Tensor& a, const Tensor& b) {
  const auto equal = [](const Tensor& x, const Tensor& y) {
    return x.unsqueeze(1) == y.unsqueeze(0);
  };
  const auto any = equal(a, a)
                       .logical_or(equal(a, b))
                       .logical_or(equal(b, a))
                       .logical_or(equal(b, b));
  const auto self = torch::eye(a.size(0), any.options());
  return any.logical_and(~self);
}

/// Mean over the rows with `take` of -log softmax at the diagonal; the columns
/// of `hidden` (B, B) are left out of each row's denominator.
Tensor info_nce(const Tensor& similarity, const Tensor& hidden,
                const Tensor& take, const Tensor& count) {
  const auto open = similarity.masked_fill(hidden, kMasked);
  const auto loss = torch::logsumexp(open, 1) - similarity.diagonal();  // (B)
  return loss.masked_fill(~take, 0.0).sum() / count.clamp_min(1);
}

void check_present(const std::vector<Tensor>& projected,
                   const Tensor& present) {
  if (!projected.empty() &&
      present.size(1) == static_cast<std::int64_t>(projected.size())) {
    return;
  }
  throw ShapeError("present must have one column for each modality; found " +
                   std::to_string(present.size(1)) + " for " +
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
  auto sum = torch::zeros({}, projected[0].options());
  auto terms = torch::zeros({}, projected[0].options());
  for (std::size_t i = 0; i < unit.size(); ++i) {
    for (std::size_t j = i + 1; j < unit.size(); ++j) {
      const auto take =
          (present.select(1, static_cast<std::int64_t>(i)) != 0)
              .logical_and(present.select(1, static_cast<std::int64_t>(j)) !=
                           0);
      const auto count = take.sum().to(sum.scalar_type());
      const auto hidden = shared.logical_or(~take.unsqueeze(0));
      const auto similarity = torch::mm(unit[i], unit[j].t()) / temperature;
      const auto both = info_nce(similarity, hidden, take, count) +
                        info_nce(similarity.t(), hidden, take, count);
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
  const auto n_modalities = static_cast<std::int64_t>(projected.size());
  const auto unit = unit_rows(torch::cat(projected));  // (M * B, P)
  const auto take = present.t().flatten() != 0;
  const auto is_sl = (label >= 0.5).repeat({n_modalities});  // (M * B)
  const auto self = torch::eye(unit.size(0), take.options());
  const auto open = take.unsqueeze(0).logical_and(~self);  // (M * B, M * B)
  const auto same = (is_sl.unsqueeze(1) == is_sl.unsqueeze(0))
                        .logical_and(open)
                        .to(unit.scalar_type());
  const auto n_same = same.sum(1);  // (M * B)
  const auto similarity = torch::mm(unit, unit.t()) / temperature;
  const auto loss =
      torch::logsumexp(similarity.masked_fill(~open, kMasked), 1) -
      (similarity * same).sum(1) / n_same.clamp_min(1);
  const auto counts = take.logical_and(n_same > 0);
  return loss.masked_fill(~counts, 0.0).sum() /
         counts.sum().to(unit.scalar_type()).clamp_min(1);
}

}  // namespace musl::nn
