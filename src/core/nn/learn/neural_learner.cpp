#include "nn/learn/neural_learner.h"

#include <algorithm>
#include <utility>

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

Tensor vector_of(const std::vector<float>& x) { return torch::tensor(x); }

/// Distinct genes of a chunk, and the indices of each pair's genes among them.
struct ChunkGenes {
  explicit ChunkGenes(std::vector<std::int32_t> ends) : genes(std::move(ends)) {
    std::sort(genes.begin(), genes.end());
    genes.erase(std::unique(genes.begin(), genes.end()), genes.end());
  }
  [[nodiscard]] Tensor rows() const {
    return torch::tensor(genes).to(torch::kInt64);
  }
  [[nodiscard]] Tensor places(const std::vector<std::int32_t>& ends) const {
    std::vector<std::int64_t> out;
    out.reserve(ends.size());
    for (const std::int32_t gene : ends) {
      out.push_back(std::lower_bound(genes.begin(), genes.end(), gene) -
                    genes.begin());
    }
    return torch::tensor(out);
  }

  std::vector<std::int32_t> genes;
};

}  // namespace

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
      genes_(to_tensor(training.genes)),
      columns_(to_tensor(training.columns)),
      label_(vector_of(training.label)),
      weight_(vector_of(training.weight)),
      group_(torch::tensor(training.group).to(torch::kInt64)),
      phases_{six_epochs()} {}

/// It writes no checkpoints.
std::string NeuralLearner::identity() const { return "{}"; }

ChunkLoss NeuralLearner::chunk_loss(const Chunk& chunk) const {
  const auto items = chunk.own_items();
  std::vector<std::int32_t> a, b;
  for (const std::int64_t item : items) {
    a.push_back(a_[static_cast<std::size_t>(item)]);
    b.push_back(b_[static_cast<std::size_t>(item)]);
  }
  std::vector<std::int32_t> ends = a;
  ends.insert(ends.end(), b.begin(), b.end());
  const ChunkGenes genes(std::move(ends));
  const Tensor rows = torch::tensor(items);
  const auto own = [&](const Tensor& x) { return x.index_select(0, rows); };
  auto rng = chunk.rng();
  const Tensor logit =
      net_->forward(genes_.index_select(0, genes.rows()), genes.places(a),
                    genes.places(b), own(columns_), &rng);
  const Tensor label = own(label_), weight = own(weight_);
  const Tensor sum = torch::binary_cross_entropy_with_logits(
      logit, label, weight, {}, at::Reduction::Sum);
  return {{sum, rank_loss(logit, label, weight, own(group_))},
          sum.detach(),
          torch::full({}, static_cast<float>(chunk.n)),
          {}};
}

}  // namespace musl::nn
