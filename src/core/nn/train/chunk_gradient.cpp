#include "nn/train/chunk_gradient.h"

#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_mul.h>
#include <torch/autograd.h>

#include <algorithm>

#include "musl/error.h"
#include "nn/base/boundary.h"

namespace musl::nn {

namespace {

/// The weighted terms, as their share of the batch's mean.
Tensor objective_of(const std::vector<Tensor>& terms, const Phase& phase,
                    std::int64_t n_batch) {
  if (terms.size() != phase.losses.size() || terms.empty()) {
    throw InternalError("Phase \"" + phase.name + "\" has " +
                        std::to_string(phase.losses.size()) +
                        " losses, its learner " + std::to_string(terms.size()) +
                        ". Please report this.");
  }
  const auto n = static_cast<double>(n_batch);
  Tensor objective = torch::zeros({}, terms.front().options());
  for (std::size_t i = 0; i < terms.size(); ++i) {
    objective = objective + terms[i] * (phase.losses[i].weight / n);
  }
  return objective;
}

ChunkResult part_gradient(const BatchContext& context, const Chunk& part,
                          std::int64_t n_batch) {
  const ChunkLoss loss = context.learner.chunk_loss(part);
  ChunkResult result;
  std::vector<Tensor> sources = context.trained;
  for (const auto& [values, rows] : loss.shared) {
    sources.push_back(values);
    result.rows.push_back(rows);
  }
  const Tensor objective = objective_of(loss.terms, context.phase, n_batch);
  result.gradients = torch::autograd::grad(
      {objective}, sources, /*grad_outputs=*/{}, /*retain_graph=*/false,
      /*create_graph=*/false, /*allow_unused=*/true);
  result.numbers =
      torch::stack({objective.detach(), loss.monitored, loss.counted});
  if (loss.tally.defined()) {
    result.numbers = torch::cat({result.numbers, loss.tally});
  }
  return result;
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

/// Other threads may have lowered it further.
void lower_to(std::int64_t limit, std::atomic<std::int64_t>* value) {
  std::int64_t now = value->load();
  while (now > limit && !value->compare_exchange_weak(now, limit)) {
  }
}

}  // namespace

ChunkResult chunk_gradient(const BatchContext& context, Chunk whole,
                           std::int64_t n_batch,
                           std::atomic<std::int64_t>* at_once) {
  Chunk part = whole;
  part.first = whole.chunk_first;
  const auto last = whole.chunk_first + whole.chunk_size;
  ChunkResult result;
  while (part.first < last) {
    part.n = std::min(at_once->load(), last - part.first);
    ChunkResult found;
    try {
      found = part_gradient(context, part, n_batch);
    } catch (const std::exception& error) {
      // LibTorch's GPU allocator has already released its cache.
      if (!is_out_of_memory(error) || part.n == 1) throw;
      lower_to(part.n / 2, at_once);
      continue;
    }
    const torch::NoGradGuard no_grad;
    if (part.is_whole()) return found;
    append(found, context.trained.size(), &result);
    part.first += part.n;
  }
  return result;
}

void add_gradient(const Tensor& gradient, Tensor* sum) {
  if (!gradient.defined()) return;
  // Copies first: tensors returned by autograd may be shared between inputs.
  if (sum->defined()) {
    sum->add_(gradient);
  } else {
    *sum = gradient.clone();
  }
}

void add_gradients(const std::vector<Tensor>& gradients,
                   std::vector<Tensor>* sums) {
  std::vector<Tensor> first, sum, more;
  std::vector<std::size_t> fresh;
  for (std::size_t i = 0; i < sums->size(); ++i) {
    if (!gradients[i].defined()) continue;
    if ((*sums)[i].defined()) {
      sum.push_back((*sums)[i]);
      more.push_back(gradients[i]);
    } else {
      first.push_back(gradients[i]);
      fresh.push_back(i);
    }
  }
  if (!first.empty()) {
    const auto copies = at::_foreach_mul(first, 1.0);
    for (std::size_t k = 0; k < fresh.size(); ++k) {
      (*sums)[fresh[k]] = copies[k];
    }
  }
  if (!sum.empty()) at::_foreach_add_(sum, more);
}

}  // namespace musl::nn
