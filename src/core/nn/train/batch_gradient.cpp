#include "nn/train/batch_gradient.h"

#include <torch/autograd.h>

#include <algorithm>

#include "musl/error.h"
#include "musl/parallel.h"
#include "musl/rng.h"

namespace musl::nn {

namespace {

/// Does this phase read the encoder? What is fused does not hear late ones.
bool reads_encoder(const BatchContext& context, const Encoder& encoder) {
  const auto& encoders = context.net->encoders();
  const int branch = only_branch(context.phase);
  if (branch >= 0) {
    return encoders[static_cast<std::size_t>(branch)].get() == &encoder;
  }
  return !encoder.is_late() || encoders.size() == 1;
}

BatchGenes gene_vectors_of(const BatchContext& context, const PairSet& batch,
                           std::uint64_t seed) {
  BatchGenes result;
  if (!reads_genes(*context.net, only_branch(context.phase))) return result;
  ChunkRng rng(derive_seed(seed, 0));
  result.rows = genes_of(batch);
  result.vectors = context.genes.vectors(
      result.rows.genes, &rng, [&context](const Encoder& encoder) {
        return reads_encoder(context, encoder);
      });
  return result;
}

/// Sends the chunks' gradients of the gene vectors through the per-gene stage.
void add_gene_gradients(const BatchContext& context, const BatchGenes& genes,
                        const std::vector<ChunkResult>& chunks,
                        std::vector<Tensor>* gradients) {
  if (!genes.vectors.defined() || !genes.vectors.requires_grad()) return;
  const std::size_t at = context.trained.size();
  Tensor total = torch::zeros_like(genes.vectors.detach());  // (R, Dg)
  for (const auto& chunk : chunks) {
    if (chunk.gradients[at].defined()) {
      total.index_add_(0, chunk.row_a, chunk.gradients[at]);
    }
    if (chunk.gradients[at + 1].defined()) {
      total.index_add_(0, chunk.row_b, chunk.gradients[at + 1]);
    }
  }
  const auto back = torch::autograd::grad(
      {genes.vectors}, context.trained, {total}, /*retain_graph=*/false,
      /*create_graph=*/false, /*allow_unused=*/true);
  for (std::size_t i = 0; i < back.size(); ++i) {
    add_gradient(back[i], &(*gradients)[i]);
  }
}

/// Adds up the numbers of the chunks, (3) each, in their order. A GPU is waited
/// for once.
void add_numbers(const std::vector<Tensor>& numbers, BatchResult* result) {
  if (numbers.empty()) return;
  const Tensor all = torch::stack(numbers).to(torch::kCPU).contiguous();
  const float* value = all.data_ptr<float>();
  for (std::size_t i = 0; i < numbers.size(); ++i, value += 3) {
    result->objective += value[0];
    result->monitored += value[1];
    result->counted += static_cast<std::int64_t>(value[2]);
  }
}

/// The sums over the chunks of `share`, in their order.
BatchResult share_gradient(const BatchContext& context, const PairSet& batch,
                           const Share& share, std::uint64_t seed,
                           const std::function<bool()>& tick) {
  const BatchGenes genes = gene_vectors_of(context, batch, seed);
  std::atomic<std::int64_t> own{kChunk};
  auto* at_once = context.at_once != nullptr ? context.at_once : &own;
  std::vector<ChunkResult> chunks(static_cast<std::size_t>(share.size()));
  parallel_for(
      share.size(), context.threads,
      [&](std::int64_t c) {
        chunks[static_cast<std::size_t>(c)] = chunk_gradient(
            context, batch, genes, share.first + c, seed, at_once);
      },
      tick);

  const torch::NoGradGuard no_grad;
  BatchResult result;
  result.gradients.resize(context.trained.size());
  std::vector<Tensor> numbers;
  for (const auto& chunk : chunks) {
    for (std::size_t i = 0; i < result.gradients.size(); ++i) {
      add_gradient(chunk.gradients[i], &result.gradients[i]);
    }
    numbers.push_back(chunk.numbers);
  }
  add_numbers(numbers, &result);
  add_gene_gradients(context, genes, chunks, &result.gradients);
  return result;
}

/// Adds up what the processes found, in one message. Gradients that one of them
/// lacks are zeros there.
void sum_over_group(const BatchContext& context, bool stop,
                    BatchResult* result) {
  const torch::NoGradGuard no_grad;
  result->gradients.resize(context.trained.size());
  std::vector<Tensor> parts;
  for (std::size_t i = 0; i < result->gradients.size(); ++i) {
    Tensor& gradient = result->gradients[i];
    if (!gradient.defined()) gradient = torch::zeros_like(context.trained[i]);
    parts.push_back(gradient.flatten());
  }
  parts.push_back(
      torch::tensor({result->objective, result->monitored,
                     static_cast<double>(result->counted), stop ? 1.0 : 0.0},
                    torch::kFloat32)
          .to(context.batcher.device()));
  Tensor sums = torch::cat(parts);
  context.exchange->sum(&sums);

  std::int64_t at = 0;
  for (Tensor& gradient : result->gradients) {
    const Tensor sum = sums.narrow(0, at, gradient.numel());
    at += gradient.numel();
    gradient = sum.view(gradient.sizes());
  }
  const Tensor numbers = sums.narrow(0, at, 4).to(torch::kCPU);
  const float* values = numbers.data_ptr<float>();
  result->objective = values[0];
  result->monitored = values[1];
  result->counted = static_cast<std::int64_t>(values[2]);
  if (values[3] > 0) throw CancelledError("Training was interrupted.");
}

}  // namespace

BatchResult batch_gradient(const BatchContext& context, const PairSet& batch,
                           std::uint64_t seed,
                           const std::function<bool()>& tick) {
  const std::int64_t n_chunks = (batch.size() + kChunk - 1) / kChunk;
  const Share share = share_of(n_chunks, context.exchange);
  if (context.exchange == nullptr) {
    return share_gradient(context, batch, share, seed, tick);
  }
  BatchResult result;
  bool stop = false;
  try {
    result = share_gradient(context, batch, share, seed, tick);
    stop = tick && !tick();
  } catch (const CancelledError&) {
    stop = true;  // the others learn it where they wait for this one
  }
  sum_over_group(context, stop, &result);
  return result;
}

double clip_gradients(std::vector<Tensor>* gradients, double limit) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> norms;
  for (const auto& gradient : *gradients) {
    if (gradient.defined()) norms.push_back(gradient.norm());
  }
  if (norms.empty()) return 0;
  const double norm = torch::stack(norms).norm().item<double>();
  if (norm > limit) {
    for (auto& gradient : *gradients) {
      if (gradient.defined()) gradient.mul_(limit / norm);
    }
  }
  return norm;
}

}  // namespace musl::nn
