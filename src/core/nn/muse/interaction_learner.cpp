#include "nn/muse/interaction_learner.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "musl/metrics.h"
#include "musl/rng.h"
#include "nn/base/weights.h"

namespace musl::nn {

namespace {

constexpr char kPseudo[] = "pseudo:";
constexpr std::uint64_t kHiddenStream = 1U << 20;  // of a batch's seed
/// Share of a batch's nodes whose edges are hidden, so that the network learns
/// to score nodes without edges.
constexpr double kHiddenNodes = 0.1;

using Nodes = std::vector<std::int32_t>;

bool is_pseudo(const LossTerm& term) {
  return term.target.rfind(kPseudo, 0) == 0;
}

InteractionScale scale_of(const std::string& name) {
  if (name == kStructureScale) return InteractionScale::structure;
  if (name == kNetworkScale) return InteractionScale::network;
  return InteractionScale::fused;
}

std::size_t number_of(InteractionScale scale) {
  return static_cast<std::size_t>(scale);
}

const Matrix& monitored_of(const ScaleScores& scores, InteractionScale scale) {
  switch (scale) {
    case InteractionScale::structure:
      return scores.structure;
    case InteractionScale::network:
      return scores.network;
    default:
      return scores.fused;
  }
}

/// Index of each node in `nodes`.
Tensor places(const Nodes& nodes, const Nodes& ends) {
  return torch::tensor(positions_of(ends, nodes));
}

/// Sum over the pairs of the mean over their labels.
Tensor loss_sum(const std::string& kind, const Tensor& found,
                const Tensor& label, const Tensor& weight) {
  const Tensor loss = kind == "squares"
                          ? (found - label).square()
                          : torch::binary_cross_entropy_with_logits(
                                found, label, {}, {}, at::Reduction::None);
  return (loss * weight).mean(1).sum();
}

}  // namespace

/// The pairs of a chunk, their targets, and the edges hidden from them.
struct InteractionLearner::Batch {
  Nodes a, b;
  Tensor label, weight;  // (B, C)
  Tensor is_labelled;    // (B, 1)
  EdgeMask mask;
};

InteractionLearner::InteractionLearner(InteractionNet net,
                                       const InteractionProblem& problem)
    : net_(std::move(net)),
      problem_(problem),
      phases_(interaction_phases(problem.config, problem.control)),
      keeper_(parameters_of(*net_)) {}

void InteractionLearner::begin_phase(const Phase& phase, const Tick& tick) {
  phase_ = phase;
  keeper_.begin(phase);
  wanted_ = {scale_of(phase.monitored)};
  learn_pseudo_labels(phase, tick);
  const bool frozen = !trains(phase, std::string(kStructureScale) + ".");
  all_structure_ = Tensor();
  if (frozen) {
    all_structure_ =
        problem_.world.all_structure(net_, problem_.control.threads, tick);
  }
  groups_ = group_pairs();
}

bool InteractionLearner::reads(const char* scale) const {
  return std::any_of(phase_.losses.begin(), phase_.losses.end(),
                     [&](const auto& term) { return term.branch == scale; });
}

std::int64_t InteractionLearner::chunk_size() const {
  const auto whole = groups_.groups_for(problem_.control.batch_size);
  const bool passes = reads(kNetworkScale) || reads(kFusedScales);
  return passes || groups_.is_single() ? whole : (whole + 1) / 2;
}

/// By the second node if that is costly and there are two types, else by the
/// first.
PairGroups InteractionLearner::group_pairs() const {
  const auto& known = problem_.data.training;
  const auto& types = problem_.world.nodes();
  const bool trained = !all_structure_.defined();
  if (!trained || types.size() < 2 ||
      !(is_costly(types[0].kind) || is_costly(types[1].kind))) {
    return PairGroups::single(known.size() + pseudo_.size());
  }
  const bool second = is_costly(types[1].kind);
  Nodes nodes = second ? known.b : known.a;
  const auto& more = second ? pseudo_.pairs.b : pseudo_.pairs.a;
  nodes.insert(nodes.end(), more.begin(), more.end());
  return PairGroups::by_node(nodes);
}

void InteractionLearner::learn_pseudo_labels(const Phase& phase,
                                             const Tick& tick) {
  pseudo_ = {};
  for (const auto& term : phase.losses) {
    if (!is_pseudo(term) || problem_.unlabelled.size() == 0) continue;
    const std::vector<InteractionScale> scales{InteractionScale::structure,
                                               InteractionScale::network};
    const auto score = [&](const LabelledPairs& pairs) {
      return problem_.world.score(net_, pairs, scales, problem_.control.threads,
                                  tick);
    };
    pseudo_ = pseudo_pairs(problem_.config, problem_.data, problem_.unlabelled,
                           score(problem_.unlabelled),
                           score(problem_.data.validation),
                           scale_of(term.target.substr(sizeof(kPseudo) - 1)));
  }
}

InteractionLearner::Batch InteractionLearner::batch_of(
    const Chunk& chunk) const {
  const auto& known = problem_.data.training;
  Batch batch;
  Nodes all_a, all_b;
  std::vector<std::int64_t> own;  // pairs of the chunk
  for (std::size_t i = 0; i < chunk.items.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i) - chunk.first;
    for (const auto pair : groups_.of(chunk.items[i])) {
      const bool is_known = pair < known.size();
      const auto& from = is_known ? known : pseudo_.pairs;
      const auto k =
          static_cast<std::size_t>(is_known ? pair : pair - known.size());
      all_a.push_back(from.a[k]);
      all_b.push_back(from.b[k]);
      if (at < 0 || at >= chunk.n) continue;
      batch.a.push_back(from.a[k]);
      batch.b.push_back(from.b[k]);
      own.push_back(pair);
    }
  }
  put_targets(own, &batch);
  batch.mask = mask_pairs(problem_.world.graph(), all_a, all_b,
                          hidden_nodes(once(all_a, all_b), chunk.seed));
  return batch;
}

void InteractionLearner::put_targets(const std::vector<std::int64_t>& pairs,
                                     Batch* batch) const {
  const auto& known = problem_.data.training;
  const auto n = static_cast<Eigen::Index>(pairs.size());
  Matrix label(n, known.label.cols()), weight(n, known.label.cols());
  Matrix is_labelled(n, 1);
  for (Eigen::Index row = 0; row < n; ++row) {
    const auto pair = pairs[static_cast<std::size_t>(row)];
    const bool is_known = pair < known.size();
    is_labelled(row, 0) = is_known ? 1.0f : 0.0f;
    if (is_known) {
      label.row(row) = known.label.row(pair);
      weight.row(row).setOnes();
    } else {
      label.row(row) = pseudo_.pairs.label.row(pair - known.size());
      weight.row(row) = pseudo_.weight.row(pair - known.size());
    }
  }
  const auto& device = problem_.world.device();
  batch->label = to_tensor(label).to(device);
  batch->weight = to_tensor(weight).to(device);
  batch->is_labelled = to_tensor(is_labelled).to(device);
}

/// 1 for each of `nodes` whose edges are hidden, by the batch's seed.
std::vector<std::uint8_t> InteractionLearner::hidden_nodes(
    const std::vector<std::int32_t>& nodes, std::uint64_t seed) const {
  std::vector<std::uint8_t> hidden(
      static_cast<std::size_t>(problem_.data.n_nodes()), 0);
  Rng rng(derive_seed(seed, kHiddenStream));
  for (const auto node : nodes) {
    if (rng.uniform() < kHiddenNodes) {
      hidden[static_cast<std::size_t>(node)] = 1;
    }
  }
  return hidden;
}

/// Structure, network, fused, (B, C) each; undefined if not read.
std::vector<Tensor> InteractionLearner::outputs_of(const Batch& batch,
                                                   const Chunk& chunk) const {
  const auto& world = problem_.world;
  auto& net = *net_;
  ChunkRng rng = chunk.is_whole() ? chunk.rng() : chunk.part_rng();
  const bool is_fused = reads(kFusedScales);
  const bool network = is_fused || reads(kNetworkScale);
  std::vector<Tensor> out(3);
  Tensor own, other, all = all_structure_;
  if (is_fused || reads(kStructureScale)) {
    // A network scale trained at the same time reads all nodes' vectors.
    Nodes nodes = once(batch.a, batch.b);
    if (network) {
      nodes.resize(static_cast<std::size_t>(problem_.data.n_nodes()));
      std::iota(nodes.begin(), nodes.end(), 0);
    }
    const auto windows =
        derive_seed(chunk.seed, static_cast<std::uint64_t>(chunk.first));
    const Tensor z = world.structure(net_, nodes, &rng, windows);  // (n, D)
    if (network) all = z;
    const auto at = [&](const Nodes& ends) {
      return z.index_select(0, places(nodes, ends).to(world.device()));
    };
    own = net.structure->pairs(at(batch.a), at(batch.b), &rng);
    out[number_of(InteractionScale::structure)] = net.structure->score(own);
  }
  if (network) {
    const Tensor h =
        net.network->nodes(world.network_input(all), world.messages(batch.mask),
                           problem_.control.threads, &rng);
    other =
        net.network->pairs(h, world.rows(batch.a), world.rows(batch.b),
                           world.common(batch.mask, batch.a, batch.b), &rng);
    out[number_of(InteractionScale::network)] = net.network->score(other);
  }
  if (is_fused) {
    out[number_of(InteractionScale::fused)] = net.fuse(own, other, &rng);
  }
  return out;
}

ChunkLoss InteractionLearner::chunk_loss(const Chunk& chunk) const {
  adopt_thread_limit();
  const Batch batch = batch_of(chunk);
  const auto outputs = outputs_of(batch, chunk);
  ChunkLoss loss;
  for (const auto& term : phase_.losses) {
    const Tensor counts =
        is_pseudo(term) ? 1 - batch.is_labelled : batch.is_labelled;
    // The Trainer divides by items.
    loss.terms.push_back(loss_sum(term.kind,
                                  outputs[number_of(scale_of(term.branch))],
                                  batch.label, batch.weight * counts) /
                         groups_.mean_size());
  }
  const torch::NoGradGuard no_grad;
  loss.monitored =
      loss_sum(phase_.losses.front().kind,
               outputs[number_of(scale_of(phase_.monitored))], batch.label,
               batch.is_labelled.expand_as(batch.weight));
  loss.counted = batch.is_labelled.sum();
  return loss;
}

std::vector<double> InteractionLearner::score(std::int64_t first,
                                              std::int64_t n,
                                              const Tick& tick) const {
  const ScaleScores found = problem_.world.score(
      net_, problem_.data.validation, wanted_, problem_.control.threads, tick);
  const Matrix& scores = monitored_of(found, wanted_.front());
  const float* values = scores.data() + first;
  return {values, values + n};
}

Evaluation InteractionLearner::validate(
    const std::vector<double>& score) const {
  const auto& label = problem_.data.validation.label;
  Matrix found(label.rows(), label.cols());
  std::copy(score.begin(), score.end(), found.data());
  return evaluate(found);
}

Evaluation InteractionLearner::evaluate(const Matrix& found) const {
  const auto& label = problem_.data.validation.label;
  Evaluation out;
  out.finite = found.allFinite();
  if (!out.finite) return out;
  const auto n = static_cast<double>(label.size());
  if (problem_.config.task == "affinity") {
    out.loss = (found - label).cast<double>().squaredNorm() / n;
    return out;
  }
  double sum = 0;
  for (Eigen::Index i = 0; i < label.size(); ++i) {
    const double x = found.data()[i];
    sum += std::max(x, 0.0) - x * label.data()[i] +
           std::log1p(std::exp(-std::abs(x)));
  }
  out.loss = sum / n;
  const LabelMetrics metrics = label_metrics(found, label, /*threshold=*/0);
  out.auroc = metrics.macro_auroc;
  out.auprc = metrics.macro_auprc;
  return out;
}

void InteractionLearner::end_phase(const Phase& phase, double best) {
  if (keeper_.undo_loss(phase, best)) {
    for (auto& later : phases_) {
      for (auto& term : later.losses) {
        if (term.branch == phase.monitored && is_pseudo(term)) {
          term.weight /= 2;
        }
      }
    }
  }
  if (phase.ends_iteration) end_iteration();
}

void InteractionLearner::end_iteration() {
  const ScaleScores scores = problem_.world.score(
      net_, problem_.data.validation,
      {InteractionScale::structure, InteractionScale::network},
      problem_.control.threads, {});
  const Matrix mean = (scores.structure + scores.network) / 2;
  EmRecord record;
  record.iteration = static_cast<int>(iterations_.size());
  record.fused = monitored_value(evaluate(mean), phase_.monitor);
  record.n_pairs = pseudo_.size();
  record.share_positive = pseudo_.share_positive();
  keeper_.end_iteration(record.fused);
  iterations_.push_back(record);
}

std::vector<EmRecord> InteractionLearner::finish() {
  keeper_.take_best();
  const auto best = std::max_element(
      iterations_.begin(), iterations_.end(),
      [](const auto& x, const auto& y) { return x.fused < y.fused; });
  if (best != iterations_.end()) best->best = true;
  return iterations_;
}

}  // namespace musl::nn
