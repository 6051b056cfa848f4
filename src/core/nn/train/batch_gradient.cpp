#include "nn/train/batch_gradient.h"

#include <ATen/ops/_foreach_add.h>
#include <torch/autograd.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/parallel.h"
#include "nn/base/boundary.h"
#include "nn/base/tensor.h"

namespace musl::nn {

namespace {

/// Results of a chunk.
struct ChunkResult {
  std::vector<Tensor> gradients;  // trained parameters, then shared rows
  std::vector<Tensor> rows;       // (n) of the shared tensor, as many as those
  Tensor numbers;                 // as in BatchResult::unread
};

void check_terms(const std::vector<Tensor>& terms, const Phase& phase) {
  if (terms.size() == phase.losses.size() && !terms.empty()) return;
  throw InternalError("Phase \"" + phase.name + "\" has " +
                      std::to_string(phase.losses.size()) +
                      " losses, its learner " + std::to_string(terms.size()) +
                      ". Please report this.");
}

/// The weight of each term's sum in the mean over the batch.
std::vector<double> shares_of(const Phase& phase, std::int64_t n_batch) {
  std::vector<double> shares;
  for (const auto& term : phase.losses) {
    shares.push_back(term.weight / static_cast<double>(n_batch));
  }
  return shares;
}

ChunkResult part_gradient(const BatchContext& context, const Chunk& part,
                          const std::vector<double>& shares) {
  const ChunkLoss loss = context.learner.chunk_loss(part);
  check_terms(loss.terms, context.phase);
  ChunkResult result;
  std::vector<Tensor> sources = context.trained;
  for (const auto& [values, rows] : loss.shared) {
    sources.push_back(values);
    result.rows.push_back(rows);
  }
  std::vector<Tensor> terms, weights, numbers;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const Tensor& term = loss.terms[i];
    numbers.push_back(term.detach());
    if (!term.requires_grad()) continue;
    terms.push_back(term);
    weights.push_back(torch::full({}, shares[i], term.options()));
  }
  result.gradients = torch::autograd::grad(
      terms, sources, weights, /*retain_graph=*/false, /*create_graph=*/false,
      /*allow_unused=*/true);
  numbers.push_back(loss.monitored);
  numbers.push_back(loss.counted);
  result.numbers = torch::stack(numbers);
  return result;
}

/// Either may be undefined.
void add_gradient(const Tensor& gradient, Tensor* sum) {
  if (!gradient.defined()) return;
  // Copies first: tensors returned by autograd may be shared between inputs.
  if (sum->defined()) {
    sum->add_(gradient);
  } else {
    *sum = gradient.clone();
  }
}

/// add_gradient() of each parameter's, by a few kernels for all of them. A sum
/// of one gradient is that, which others may share.
void add_gradients(const std::vector<Tensor>& gradients,
                   std::vector<Tensor>* sums) {
  std::vector<Tensor> sum, more;
  std::vector<std::size_t> both;
  for (std::size_t i = 0; i < sums->size(); ++i) {
    if (!gradients[i].defined()) continue;
    if ((*sums)[i].defined()) {
      sum.push_back((*sums)[i]);
      more.push_back(gradients[i]);
      both.push_back(i);
    } else {
      (*sums)[i] = gradients[i];
    }
  }
  if (both.empty()) return;
  const auto found = at::_foreach_add(sum, more);
  for (std::size_t k = 0; k < both.size(); ++k) (*sums)[both[k]] = found[k];
}

/// Appends the results of further items of a chunk to those of the first.
void append(const ChunkResult& more, std::size_t n_trained,
            ChunkResult* chunk) {
  chunk->gradients.resize(more.gradients.size());
  chunk->rows.resize(more.rows.size());
  for (std::size_t i = 0; i < more.gradients.size(); ++i) {
    Tensor& sum = chunk->gradients[i];
    if (i < n_trained || !sum.defined()) {
      add_gradient(more.gradients[i], &sum);
    } else {  // of the shared tensor: rows of its own
      sum = torch::cat({sum, more.gradients[i]});
    }
  }
  for (std::size_t i = 0; i < more.rows.size(); ++i) {
    Tensor& rows = chunk->rows[i];
    rows = rows.defined() ? torch::cat({rows, more.rows[i]}) : more.rows[i];
  }
  chunk->numbers =
      chunk->numbers.defined() ? chunk->numbers + more.numbers : more.numbers;
}

/// Gradient and losses of a chunk of the batch: at once, or in parts of at most
/// `at_once` items, which is halved if memory runs out.
///
/// whole  the chunk; its part is set here
ChunkResult chunk_gradient(const BatchContext& context, Chunk whole,
                           const std::vector<double>& shares,
                           std::atomic<std::int64_t>* at_once) {
  ChunkResult result;
  const auto take = [&](std::int64_t at, std::int64_t n) {
    Chunk part = whole;
    part.first = whole.chunk_first + at;
    part.n = n;
    ChunkResult found = part_gradient(context, part, shares);
    const torch::NoGradGuard no_grad;
    if (part.is_whole()) {
      result = std::move(found);
    } else {
      append(found, context.trained.size(), &result);
    }
  };
  in_parts(whole.chunk_size, at_once, take, context.learner.group_size());
  return result;
}

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

/// Adds up each parameter's gradients in the order of `parts`.
Gradients sum_of(const BatchContext& context,
                 const std::vector<const Gradients*>& parts) {
  Gradients sums(context.trained.size());
  if (!sums.empty() && !context.trained.front().is_cpu()) {
    const torch::NoGradGuard no_grad;
    for (const Gradients* part : parts) add_gradients(*part, &sums);
    return sums;
  }
  parallel_for(static_cast<std::int64_t>(sums.size()), context.threads,
               [&](std::int64_t k) {
                 const torch::NoGradGuard no_grad;
                 const auto i = static_cast<std::size_t>(k);
                 for (const Gradients* part : parts) {
                   add_gradient((*part)[i], &sums[i]);
                 }
               });
  return sums;
}

/// Without a wait: the host does not learn whether anything was scaled.
/// Afterwards the gradients are parts of one tensor.
Tensor clip_on_device(double limit, std::vector<Tensor>* gradients) {
  std::vector<Tensor> flat;
  for (const auto& gradient : *gradients) {
    if (gradient.defined()) flat.push_back(gradient.flatten());
  }
  Tensor all = torch::cat(flat);
  const Tensor norm = all.norm();
  if (std::isfinite(limit)) all.div_((norm / limit).clamp_min(1.0));
  std::int64_t first = 0;
  for (auto& gradient : *gradients) {
    if (!gradient.defined()) continue;
    const auto n = gradient.numel();
    gradient = all.narrow(0, first, n).view(gradient.sizes());
    first += n;
  }
  return norm;
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
  BatchResult result;
  result.shares = shares_of(context.phase, n);
  parallel_for(
      n_chunks, context.threads,
      [&](std::int64_t c) {
        chunks[static_cast<std::size_t>(c)] = chunk_gradient(
            context, chunk_of(items, c, size, seed), result.shares, at_once);
      },
      tick);

  const torch::NoGradGuard no_grad;
  const auto of_blocks = shared_gradients(context, blocks, chunks);
  std::vector<const Gradients*> parts;
  for (const auto& chunk : chunks) {
    parts.push_back(&chunk.gradients);
    result.unread.push_back(chunk.numbers);
  }
  for (const auto& gradients : of_blocks) parts.push_back(&gradients);
  result.gradients = sum_of(context, parts);
  return result;
}

Tensor clip_gradients(std::vector<Tensor>* gradients, double limit) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> found, norms;
  for (const auto& gradient : *gradients) {
    if (gradient.defined()) found.push_back(gradient);
  }
  if (found.empty()) return {};
  if (!found.front().is_cpu()) return clip_on_device(limit, gradients);
  for (const auto& gradient : found) norms.push_back(gradient.norm());
  const Tensor all = torch::stack(norms).norm();
  const double norm = all.item<double>();
  if (norm <= limit) return all;
  for (auto& gradient : found) gradient.mul_(limit / norm);
  return all;
}

void read_numbers(std::vector<BatchResult>* results) {
  std::vector<Tensor> all;
  for (const BatchResult& result : *results) {
    all.insert(all.end(), result.unread.begin(), result.unread.end());
    if (!result.unread_norm.defined()) continue;
    all.push_back(result.unread_norm.to(torch::kFloat32).unsqueeze(0));
  }
  if (all.empty()) return;
  const Tensor host = torch::cat(all).to(torch::kCPU);
  const float* value = host.data_ptr<float>();
  for (BatchResult& result : *results) {
    for (std::size_t i = 0; i < result.unread.size(); ++i) {
      for (const double share : result.shares) {
        result.objective += share * *value++;
      }
      result.monitored += *value++;
      result.counted += static_cast<std::int64_t>(*value++);
    }
    if (result.unread_norm.defined()) result.norm = *value++;
    result.unread.clear();
    result.unread_norm = Tensor();
  }
}

}  // namespace musl::nn
