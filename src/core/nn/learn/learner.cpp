#include "nn/learn/learner.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "musl/error.h"
#include "musl/metrics.h"
#include "musl/rng.h"
#include "nn/base/layers.h"
#include "nn/base/row_steps.h"
#include "nn/encoders/encoder.h"
#include "nn/learn/neural_learner.h"
#include "nn/nets/gene_stage.h"
#include "nn/nets/musl_net.h"

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

namespace {

/// Number of times that `length` consecutive values were no better than the
/// previous best.
int count_plateaus(const std::vector<double>& values, int length) {
  int plateaus = 0, worse = 0;
  double best = std::numeric_limits<double>::quiet_NaN();
  for (const double value : values) {
    const bool is_better = std::isnan(best) || value > best;
    if (is_better) best = value;
    worse = is_better ? 0 : worse + 1;
    if (worse < length) continue;
    ++plateaus;
    worse = 0;
  }
  return plateaus;
}

}  // namespace

bool trains(const Phase& phase, const std::string& parameter) {
  const auto& prefixes = phase.trained;
  return prefixes.empty() ||
         std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) {
           return parameter.rfind(prefix, 0) == 0;
         });
}

double rate_at(const Phase& phase, std::int64_t step, std::int64_t total,
               const std::vector<double>& values) {
  if (phase.schedule == "plateau") {
    return std::ldexp(phase.learning_rate,
                      -count_plateaus(values, phase.plateau));
  }
  return one_cycle(step, total, phase.learning_rate, phase.warmup);
}

namespace {

/// Index of the encoder, -1 if the architecture lacks it.
int encoder_index(const ArchitectureConfig& arch, const std::string& name) {
  const auto found =
      std::find(arch.encoders.begin(), arch.encoders.end(), name);
  return found == arch.encoders.end()
             ? -1
             : static_cast<int>(found - arch.encoders.begin());
}

/// Whether encoder i is stacked and not fused.
bool is_late(const ArchitectureConfig& arch, std::size_t i) {
  return arch.encoders.size() > 1 && encoder_info(arch.encoders[i]).is_late;
}

/// "branch:<encoder>": encoder i with its head alone.
Phase branch_phase(const ArchitectureConfig& arch, std::size_t i,
                   const ControlConfig& control) {
  const std::string& name = arch.encoders[i];
  Phase phase = phase_of("branch:" + name, control);
  phase.trained = {"encoder." + name + ".", "branch." + name + "."};
  phase.monitored = name;
  phase.losses.push_back({"bce", name});
  return phase;
}

/// Everything except the late branches, which are already trained.
Phase joint_phase(const ArchitectureConfig& arch,
                  const ControlConfig& control) {
  Phase phase = phase_of("joint", control);
  // Those after the encoders and their heads.
  phase.trained = {"adapter.", "attention.", "gate.", "head.", "project."};
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    if (is_late(arch, i)) continue;
    phase.trained.push_back("encoder." + arch.encoders[i] + ".");
    phase.trained.push_back("branch." + arch.encoders[i] + ".");
  }
  phase.losses.push_back({"bce", kFused});
  if (arch.auxiliary > 0) {
    phase.losses.push_back({"bce", kBranches, arch.auxiliary});
  }
  if (arch.alignment > 0 && arch.encoders.size() > 1) {
    phase.losses.push_back({"alignment", "", arch.alignment});
  }
  return phase;
}

}  // namespace

std::vector<Phase> make_phases(const ArchitectureConfig& arch,
                               const ControlConfig& control) {
  std::vector<Phase> phases;
  for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
    if (is_late(arch, i)) phases.push_back(branch_phase(arch, i, control));
  }
  phases.push_back(joint_phase(arch, control));
  return phases;
}

int only_branch(const Phase& phase, const ArchitectureConfig& arch) {
  const auto& losses = phase.losses;
  if (losses.empty()) return -1;
  const std::string& branch = losses.front().branch;
  const bool alone =
      std::all_of(losses.begin(), losses.end(),
                  [&](const auto& term) { return term.branch == branch; });
  return alone ? encoder_index(arch, branch) : -1;
}

Phase phase_of(const std::string& name, const ControlConfig& control) {
  Phase phase;
  phase.name = name;
  phase.epochs = control.epochs;
  phase.patience = control.patience;
  phase.learning_rate = control.learning_rate;
  phase.weight_decay = control.weight_decay;
  phase.schedule = control.schedule;
  return phase;
}

}  // namespace musl::nn
