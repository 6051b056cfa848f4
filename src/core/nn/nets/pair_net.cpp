#include "nn/nets/pair_net.h"

#include "nn/base/weights.h"

namespace musl::nn {

PairNetImpl::PairNetImpl(std::int64_t n_genes, std::int64_t n_columns,
                         std::uint64_t seed) {
  linear = register_module("linear", Linear(n_columns, 1));
  gene = register_module("gene", Linear(n_genes, kWidth));
  gene_norm = register_module("gene_norm", LayerNorm(kWidth));
  pair = register_module("pair", Linear(3 * kWidth, kHidden));
  pair_norm = register_module("pair_norm", LayerNorm(kHidden));
  score = register_module("score", Linear(kHidden, 1));
  initialise(*this, seed);
  const torch::NoGradGuard no_grad;
  linear->weight.zero_();
  score->weight.zero_();
}

Tensor PairNetImpl::forward(const Tensor& genes, const Tensor& a,
                            const Tensor& b, const Tensor& columns,
                            ChunkRng* rng) {
  const Tensor z = torch::relu(
      gene_norm->forward(gene->forward(dropout(genes, kInputDropout, rng))));
  // Dropout of gene vectors is independent for each pair.
  const Tensor x = dropout(z.index_select(0, a), kDropout, rng);
  const Tensor y = dropout(z.index_select(0, b), kDropout, rng);
  const Tensor both = torch::cat({x + y, (x - y).abs(), x * y}, 1);
  const Tensor h =
      relu_dropout(pair_norm->forward(pair->forward(both)), kDropout, rng);
  return (linear->forward(columns) + score->forward(h)).squeeze(1);
}

}  // namespace musl::nn
