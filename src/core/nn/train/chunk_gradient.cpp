#include "nn/train/chunk_gradient.h"

#include <torch/autograd.h>

#include <algorithm>
#include <numeric>

#include "musl/rng.h"
#include "nn/base/boundary.h"
#include "nn/fuse/contrastive.h"

namespace musl::nn {

namespace {

/// Loss of one chunk, already divided by the size of the batch.
struct ChunkLoss {
  Tensor objective;  // scalar
  Tensor monitored;  // scalar, sum of the monitored BCE
  Tensor counted;    // scalar, number of pairs in it
};

/// Cross-entropy of each pair, 0 where `present` is.
Tensor masked_bce(const Tensor& logit, const Tensor& label,
                  const Tensor& present) {
  return torch::binary_cross_entropy_with_logits(logit, label, {}, {},
                                                 at::Reduction::None) *
         present;
}

Tensor float_tensor(const std::vector<float>& values, torch::Device device) {
  return torch::tensor(values, torch::kFloat32).to(device);
}

Tensor gene_tensor(const std::vector<std::int32_t>& genes,
                   torch::Device device) {
  return torch::tensor(genes, torch::kInt32).to(device, torch::kInt64);
}

ChunkLoss branch_loss(const BatchContext& context, int branch,
                      const PairBatch& batch, const Tensor& label,
                      double n_batch) {
  MuslNet net = context.net;
  const Tensor logit = net->branch_forward(branch, batch);  // (B)
  const Tensor present =
      net->encoders()[static_cast<std::size_t>(branch)]->mask(batch);  // (B)
  const Tensor sum = masked_bce(logit, label, present).sum();
  return {sum / n_batch, sum.detach(), present.sum()};
}

/// Mean over the fused branches of the cross-entropy of pairs that have them,
/// as if no modality had been dropped.
Tensor auxiliary_loss(const MuslNetImpl& net, const NetOutput& out,
                      const Tensor& label) {
  const Tensor fused = torch::tensor(net.fused_encoders()).to(label.options());
  const Tensor present = out.available * fused;  // (B, M)
  const Tensor wide = label.unsqueeze(1).expand_as(present);
  return masked_bce(out.branch_logits, wide, present).sum() / fused.sum();
}

ChunkLoss fused_loss(const BatchContext& context, const PairBatch& batch,
                     const PairSet& pairs, const Tensor& label,
                     double n_batch) {
  MuslNet net = context.net;
  const NetOutput out = net->forward(batch);
  const Tensor any = out.present.sum(1).gt(0).to(torch::kFloat32);  // (B)
  const Tensor fused = masked_bce(out.logit, label, any).sum();
  ChunkLoss loss{torch::zeros({}, label.options()), fused.detach(), any.sum()};
  for (const LossTerm& term : context.phase.losses) {
    Tensor value = fused;
    if (term.kind == LossTerm::Kind::branch) {
      value = auxiliary_loss(*net, out, label);
    } else if (term.kind == LossTerm::Kind::alignment) {
      value = contrastive_loss(out.projected, out.present,
                               gene_tensor(pairs.a, label.device()),
                               gene_tensor(pairs.b, label.device()),
                               net->config().temperature) *
              static_cast<double>(batch.size);
    }
    loss.objective = loss.objective + value * (term.weight / n_batch);
  }
  return loss;
}

/// Pairs first .. first + n - 1 of the batch: a chunk, or a part of one.
struct Part {
  std::int64_t chunk = 0;
  std::int64_t first = 0;
  std::int64_t n = 0;

  [[nodiscard]] std::int64_t chunk_first() const { return chunk * kChunk; }
};

/// Hides genes as they are hidden in the whole chunk, whatever part of it this
/// is. `rng` is the chunk's.
void hide_seen_of(const Part& part, std::int64_t n_chunk, Tensor* seen,
                  ChunkRng* rng) {
  const Tensor shown =
      hide_seen(torch::ones({n_chunk, 2}, seen->options()), rng);  // (chunk, 2)
  *seen = *seen * shown.narrow(0, part.first - part.chunk_first(), part.n);
}

ChunkResult part_gradient(const BatchContext& context, const PairSet& batch,
                          const BatchGenes& genes, const Part& part,
                          std::uint64_t seed) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(part.n));
  std::iota(order.begin(), order.end(), part.first);
  const PairSet pairs = take_pairs(batch, order, 0, part.n);
  const auto n_chunk = std::min(kChunk, batch.size() - part.chunk_first());
  const auto stream = static_cast<std::uint64_t>(part.chunk) + 1;
  ChunkRng rng(derive_seed(seed, stream));
  PairBatch inputs = context.batcher.make(pairs);
  const auto seen = inputs.tensors.find("seen");
  if (seen != inputs.tensors.end()) {
    hide_seen_of(part, n_chunk, &seen->second, &rng);
  }
  // A part's dropout is a stream of its own.
  if (part.n < n_chunk) {
    const auto at = part.first - part.chunk_first();
    rng =
        ChunkRng(derive_seed(seed, stream, static_cast<std::uint64_t>(at) + 1));
  }
  inputs.rng = &rng;

  ChunkResult result;
  std::vector<Tensor> sources = context.trained;
  if (genes.vectors.defined()) {
    const Tensor vectors = genes.vectors.detach();
    const bool trained = genes.vectors.requires_grad();
    result.row_a = genes.rows.rows_of(pairs.a).to(vectors.device());
    result.row_b = genes.rows.rows_of(pairs.b).to(vectors.device());
    Tensor a = vectors.index_select(0, result.row_a);  // (B, Dg)
    Tensor b = vectors.index_select(0, result.row_b);  // (B, Dg)
    inputs.tensors["gene_a"] = a.requires_grad_(trained);
    inputs.tensors["gene_b"] = b.requires_grad_(trained);
    if (trained) sources.insert(sources.end(), {a, b});
  }
  const Tensor label = float_tensor(pairs.label, context.batcher.device());
  const auto n_batch = static_cast<double>(batch.size());
  const int branch = only_branch(context.phase);
  const ChunkLoss loss =
      branch >= 0 ? branch_loss(context, branch, inputs, label, n_batch)
                  : fused_loss(context, inputs, pairs, label, n_batch);
  result.gradients = torch::autograd::grad(
      {loss.objective}, sources, /*grad_outputs=*/{}, /*retain_graph=*/false,
      /*create_graph=*/false, /*allow_unused=*/true);
  result.numbers =
      torch::stack({loss.objective.detach(), loss.monitored, loss.counted});
  return result;
}

/// Puts what is known of more pairs of a chunk behind what is known of the
/// first.
void append(const ChunkResult& more, std::size_t n_trained,
            ChunkResult* chunk) {
  chunk->gradients.resize(more.gradients.size());
  for (std::size_t i = 0; i < more.gradients.size(); ++i) {
    Tensor& sum = chunk->gradients[i];
    if (i < n_trained || !sum.defined()) {
      add_gradient(more.gradients[i], &sum);
    } else {  // of gene vectors: rows of its own
      sum = torch::cat({sum, more.gradients[i]});
    }
  }
  const auto behind = [](const Tensor& tail, Tensor* all) {
    if (tail.defined()) *all = all->defined() ? torch::cat({*all, tail}) : tail;
  };
  behind(more.row_a, &chunk->row_a);
  behind(more.row_b, &chunk->row_b);
  chunk->numbers =
      chunk->numbers.defined() ? chunk->numbers + more.numbers : more.numbers;
}

/// Other threads may have lowered it further.
void lower_to(std::int64_t limit, std::atomic<std::int64_t>* value) {
  std::int64_t now = value->load();
  while (now > limit && !value->compare_exchange_weak(now, limit)) {
  }
}

}  // namespace

ChunkResult chunk_gradient(const BatchContext& context, const PairSet& batch,
                           const BatchGenes& genes, std::int64_t chunk,
                           std::uint64_t seed,
                           std::atomic<std::int64_t>* at_once) {
  Part part{chunk, chunk * kChunk, 0};
  const auto last = std::min(part.first + kChunk, batch.size());
  ChunkResult result;
  while (part.first < last) {
    part.n = std::min(at_once->load(), last - part.first);
    ChunkResult found;
    try {
      found = part_gradient(context, batch, genes, part, seed);
    } catch (const std::exception& error) {
      // LibTorch's allocator of a GPU has given back what it caches by now.
      if (!is_out_of_memory(error) || part.n == 1) throw;
      lower_to(part.n / 2, at_once);
      continue;
    }
    const torch::NoGradGuard no_grad;
    if (part.n == last - part.chunk_first()) return found;
    append(found, context.trained.size(), &result);
    part.first += part.n;
  }
  return result;
}

void add_gradient(const Tensor& gradient, Tensor* sum) {
  if (!gradient.defined()) return;
  // A copy first: what autograd hands back may be shared between inputs.
  if (sum->defined()) {
    sum->add_(gradient);
  } else {
    *sum = gradient.clone();
  }
}

Tensor hide_seen(const Tensor& seen, ChunkRng* rng) {
  const Tensor one = torch::empty({seen.size(0), 1}, seen.options());
  const Tensor any = rng->bernoulli(one, 2.0 / 3.0);      // (B, 1)
  const Tensor both = rng->bernoulli(one, 0.5);           // (B, 1)
  const Tensor first = rng->bernoulli(one, 0.5);          // (B, 1)
  const Tensor side = torch::cat({first, 1 - first}, 1);  // (B, 2)
  return seen * any * (both + (1 - both) * side);
}

}  // namespace musl::nn
