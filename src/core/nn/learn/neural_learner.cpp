#include "nn/learn/neural_learner.h"

#include <utility>

#include "nn/base/layers.h"
#include "nn/base/parameters.h"
#include "nn/learn/learner.h"
#include "nn/nets/gene_stage.h"

namespace musl::nn {

namespace {

/// A fixed length, since there is no validation part.
Phase six_epochs() {
  Phase phase;
  phase.name = "neural";
  phase.losses = {{"bce", ""}, {"rank", "", 2.0}};
  phase.epochs = phase.patience = 6;
  phase.learning_rate = 1e-3;
  phase.weight_decay = 0.05;
  return phase;
}

}  // namespace

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

NeuralLearner::NeuralLearner(PairNet net, const NeuralTraining& training)
    : net_(std::move(net)),
      a_(training.a),
      b_(training.b),
      device_(net_->parameters().front().device()),
      genes_(to_tensor(training.genes).to(device_)),
      columns_(to_tensor(training.columns).to(device_)),
      label_(torch::tensor(training.label).to(device_)),
      weight_(torch::tensor(training.weight).to(device_)),
      group_(torch::tensor(training.group).to(device_, torch::kInt64)),
      phases_{six_epochs()} {}

ChunkLoss NeuralLearner::chunk_loss(const Chunk& chunk) const {
  const auto items = chunk.own_items();
  PairSet pairs;
  for (const std::int64_t item : items) {
    pairs.a.push_back(a_[static_cast<std::size_t>(item)]);
    pairs.b.push_back(b_[static_cast<std::size_t>(item)]);
  }
  const GeneRows genes = genes_of(pairs);
  const auto at = numbers_on(
      {items, genes.genes, genes.rows_of(pairs.a), genes.rows_of(pairs.b)},
      device_);
  const auto own = [&](const Tensor& x) { return x.index_select(0, at[0]); };
  auto rng = chunk.rng();
  const Tensor logit = net_->forward(genes_.index_select(0, at[1]), at[2],
                                     at[3], own(columns_), &rng);
  const Tensor label = own(label_), weight = own(weight_);
  const Tensor sum = torch::binary_cross_entropy_with_logits(
      logit, label, weight, {}, at::Reduction::Sum);
  return {{sum, rank_loss(logit, label, weight, own(group_))},
          sum.detach(),
          torch::full({}, static_cast<float>(chunk.n), sum.options()),
          {}};
}

}  // namespace musl::nn
