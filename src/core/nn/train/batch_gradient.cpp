#include "nn/train/batch_gradient.h"

#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <torch/autograd.h>

#include <algorithm>

#include "musl/error.h"
#include "musl/parallel.h"
#include "nn/base/tensor.h"

namespace musl::nn {

namespace {

using Gradients = std::vector<Tensor>;  // one a parameter; undefined: zero

/// (R, D) gradient of the chunks with respect to the shared rows.
Tensor gradient_of_shared(const BatchContext& context,
                          const std::vector<Tensor>& blocks,
                          const std::vector<ChunkResult>& chunks) {
  std::int64_t n_rows = 0;
  for (const auto& block : blocks) n_rows += block.size(0);
  const Tensor& first = blocks.front();
  Tensor total = torch::zeros({n_rows, first.size(1)}, first.options());
  for (const auto& chunk : chunks) {
    for (std::size_t i = 0; i < chunk.rows.size(); ++i) {
      const Tensor& found = chunk.gradients[context.trained.size() + i];
      if (found.defined()) total.index_add_(0, chunk.rows[i], found);
    }
  }
  return total;
}

/// Propagates the chunks' gradients of the shared rows through the graphs of
/// its blocks, in parallel.
std::vector<Gradients> shared_gradients(
    const BatchContext& context, const std::vector<Tensor>& blocks,
    const std::vector<ChunkResult>& chunks) {
  if (blocks.empty() || !blocks.front().requires_grad()) return {};
  std::vector<std::int64_t> rows;
  rows.reserve(blocks.size());
  for (const auto& block : blocks) rows.push_back(block.size(0));
  const std::vector<Tensor> asked =
      gradient_of_shared(context, blocks, chunks).split_with_sizes(rows);
  std::vector<Gradients> gradients(blocks.size());
  parallel_for(static_cast<std::int64_t>(blocks.size()), context.threads,
               [&](std::int64_t b) {
                 adopt_thread_limit();
                 const auto i = static_cast<std::size_t>(b);
                 gradients[i] = torch::autograd::grad(
                     {blocks[i]}, context.trained, {asked[i]},
                     /*retain_graph=*/false, /*create_graph=*/false,
                     /*allow_unused=*/true);
               });
  return gradients;
}

bool is_on_gpu(const BatchContext& context) {
  return !context.trained.empty() && !context.trained.front().is_cpu();
}

/// Adds up each parameter's gradients in the order of `parts`.
Gradients sum_of(const std::vector<const Gradients*>& parts,
                 std::size_t n_trained, int threads, bool on_gpu) {
  Gradients sums(n_trained);
  if (on_gpu) {
    const torch::NoGradGuard no_grad;
    for (const Gradients* part : parts) add_gradients(*part, &sums);
    return sums;
  }
  parallel_for(static_cast<std::int64_t>(n_trained), threads,
               [&](std::int64_t k) {
                 const torch::NoGradGuard no_grad;
                 const auto i = static_cast<std::size_t>(k);
                 for (const Gradients* part : parts) {
                   add_gradient((*part)[i], &sums[i]);
                 }
               });
  return sums;
}

/// Adds up the numbers of the chunks, (3 + tallies) each, in order. Waits for a
/// GPU only once.
void add_numbers(const std::vector<Tensor>& numbers, BatchResult* result) {
  if (numbers.empty()) return;
  const Tensor all = torch::stack(numbers).to(torch::kCPU).contiguous();
  const float* value = all.data_ptr<float>();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    result->objective += value[0];
    result->monitored += value[1];
    result->counted += static_cast<std::int64_t>(value[2]);
    value += 3;
    for (double& sum : result->tally) sum += *value++;
  }
}

Chunk chunk_of(const std::vector<std::int64_t>& items, std::int64_t number,
               std::int64_t size, std::uint64_t seed) {
  const auto n = static_cast<std::int64_t>(items.size());
  const std::int64_t first = number * size;
  const std::int64_t own = std::min(size, n - first);
  return {items, seed, number, first, own, first, own};
}

}  // namespace

BatchResult batch_gradient(const BatchContext& context,
                           const std::vector<std::int64_t>& items,
                           std::uint64_t seed, const Tick& tick) {
  const std::vector<Tensor> blocks = context.learner.begin_batch(items, seed);
  const auto n = static_cast<std::int64_t>(items.size());
  const std::int64_t size = context.learner.chunk_size();
  const std::int64_t n_chunks = (n + size - 1) / size;
  std::atomic<std::int64_t> own{size};
  auto* at_once = context.at_once != nullptr ? context.at_once : &own;
  std::vector<ChunkResult> chunks(static_cast<std::size_t>(n_chunks));
  parallel_for(
      n_chunks, context.threads,
      [&](std::int64_t c) {
        chunks[static_cast<std::size_t>(c)] =
            chunk_gradient(context, chunk_of(items, c, size, seed), n, at_once);
      },
      tick);

  const torch::NoGradGuard no_grad;
  const auto of_blocks = shared_gradients(context, blocks, chunks);
  std::vector<const Gradients*> parts;
  std::vector<Tensor> numbers;
  for (const auto& chunk : chunks) {
    parts.push_back(&chunk.gradients);
    numbers.push_back(chunk.numbers);
  }
  for (const auto& gradients : of_blocks) parts.push_back(&gradients);
  BatchResult result;
  result.gradients = sum_of(parts, context.trained.size(), context.threads,
                            is_on_gpu(context));
  result.tally.resize(static_cast<std::size_t>(context.learner.n_tallies()));
  add_numbers(numbers, &result);
  return result;
}

double clip_gradients(std::vector<Tensor>* gradients, double limit) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> found;
  for (const auto& gradient : *gradients) {
    if (gradient.defined()) found.push_back(gradient);
  }
  if (found.empty()) return 0;
  const bool together = !found.front().is_cpu();
  std::vector<Tensor> norms;
  if (together) {
    norms = at::_foreach_norm(found);
  } else {
    for (const auto& gradient : found) norms.push_back(gradient.norm());
  }
  const double norm = torch::stack(norms).norm().item<double>();
  if (norm <= limit) return norm;
  if (together) {
    at::_foreach_mul_(found, limit / norm);
  } else {
    for (auto& gradient : found) gradient.mul_(limit / norm);
  }
  return norm;
}

}  // namespace musl::nn
