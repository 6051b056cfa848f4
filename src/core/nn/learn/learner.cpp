#include "nn/learn/learner.h"

#include <algorithm>
#include <cmath>

#include "musl/error.h"
#include "musl/metrics.h"
#include "musl/rng.h"

namespace musl::nn {

namespace {

std::uint64_t stream_of(const Chunk& chunk) {
  return static_cast<std::uint64_t>(chunk.number) + 1;
}

/// log(1 + exp(x)) - label * x, without overflow.
double cross_entropy(double logit, double label) {
  return std::max(logit, 0.0) - logit * label +
         std::log1p(std::exp(-std::abs(logit)));
}

}  // namespace

ChunkRng Chunk::rng() const {
  return ChunkRng(derive_seed(seed, stream_of(*this)));
}

ChunkRng Chunk::part_rng() const {
  const auto at = static_cast<std::uint64_t>(first - chunk_first);
  return ChunkRng(derive_seed(seed, stream_of(*this), at + 1));
}

std::vector<std::int64_t> Chunk::own_items() const {
  const auto from = items.begin() + first;
  return {from, from + n};
}

double monitored_value(const Evaluation& found, const std::string& monitor) {
  return monitor == "loss" ? -found.loss : found.auprc;
}

Evaluation evaluate_scores(const std::vector<double>& score,
                           const std::vector<float>& label,
                           const std::vector<std::uint8_t>& use) {
  std::vector<double> scores;
  std::vector<float> labels;
  double loss = 0;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (use[i] == 0) continue;
    scores.push_back(score[i]);
    labels.push_back(label[i]);
    loss += cross_entropy(score[i], label[i]);
  }
  Evaluation result;
  result.finite = std::all_of(scores.begin(), scores.end(),
                              [](double x) { return std::isfinite(x); });
  if (!result.finite || scores.empty()) return result;
  result.loss = loss / static_cast<double>(scores.size());
  result.auroc = auroc(scores, labels);
  result.auprc = auprc(scores, labels);
  return result;
}

}  // namespace musl::nn
