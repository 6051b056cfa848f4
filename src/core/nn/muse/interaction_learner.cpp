#include "nn/muse/interaction_learner.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "base/rng.h"
#include "base/sorted_ids.h"
#include "judge/label_metrics.h"
#include "nn/base/parameters.h"
#include "nn/muse/interaction_phases.h"
#include "nn/muse/pair_groups.h"
#include "nn/muse/pseudo_labels.h"

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

/// Sum over the pairs of the mean over their labels.
Tensor loss_sum(const std::string& kind, const Tensor& found,
                const Tensor& label, const Tensor& weight) {
  const Tensor loss = kind == "squares"
                          ? (found - label).square()
                          : torch::binary_cross_entropy_with_logits(
                                found, label, {}, {}, at::Reduction::None);
  return (loss * weight).mean(1).sum();
}

/// The pairs of a chunk, their targets, and the edges hidden from them.
struct LabelBatch {
  Nodes a, b;
  Tensor label, weight;  // (B, C)
  Tensor is_labelled;    // (B, 1)
  EdgeMask mask;
};

class ScaleLearner final : public InteractionLearner {
 public:
  ScaleLearner(InteractionNet net, const InteractionProblem& problem)
      : net_(std::move(net)),
        problem_(problem),
        phases_(interaction_phases(problem.config, problem.control)),
        parameters_(parameters_of(*net_)) {}

  [[nodiscard]] torch::nn::Module& module() override { return *net_; }
  [[nodiscard]] const std::vector<Phase>& phases() const override {
    return phases_;
  }

  void begin_phase(const Phase& phase, const Tick& tick) override {
    phase_ = phase;
    before_.clear();
    if (phase.most_loss > 0) before_ = snapshot(parameters_);
    learn_pseudo_labels(tick);
    const bool frozen = !trains(phase, std::string(kStructureScale) + ".");
    all_structure_ = Tensor();
    if (frozen) {
      all_structure_ =
          problem_.world.all_structure(net_, problem_.control.threads, tick);
    }
    groups_ = group_pairs();
  }

  void end_phase(const Phase& phase, double best) override {
    if (undo_loss(best)) {
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

  [[nodiscard]] std::int64_t n_items() const override { return groups_.size(); }
  [[nodiscard]] std::int64_t batch_items(int batch_size) const override {
    return groups_.groups_for(batch_size);
  }
  /// A whole batch, since its pairs share one pass of messages; without
  /// messages, half a batch.
  [[nodiscard]] std::int64_t chunk_size() const override {
    const auto whole = groups_.groups_for(problem_.control.batch_size);
    const bool passes = reads(kNetworkScale) || reads(kFusedScales);
    return passes || groups_.is_single() ? whole : (whole + 1) / 2;
  }

  [[nodiscard]] ChunkLoss chunk_loss(const Chunk& chunk) const override {
    adopt_thread_limit();
    const LabelBatch batch = batch_of(chunk);
    const auto outputs = outputs_of(batch, chunk);
    ChunkLoss loss;
    for (const auto& term : phase_.losses) {
      const Tensor counts =
          is_pseudo(term) ? 1 - batch.is_labelled : batch.is_labelled;
      // The Trainer divides by items.
      loss.terms.push_back(loss_sum(term.kind, outputs.at(term.branch),
                                    batch.label, batch.weight * counts) /
                           groups_.mean_size());
    }
    const torch::NoGradGuard no_grad;
    loss.monitored =
        loss_sum(phase_.losses.front().kind, outputs.at(phase_.monitored),
                 batch.label, batch.is_labelled.expand_as(batch.weight));
    loss.counted = batch.is_labelled.sum();
    return loss;
  }

  [[nodiscard]] std::int64_t n_validation() const override {
    return problem_.data.validation.label.size();
  }
  [[nodiscard]] std::vector<double> score(std::int64_t first, std::int64_t n,
                                          const Tick& tick) const override {
    const auto wanted = scale_of(phase_.monitored);
    const ScaleScores found = scores_by({wanted}, tick);
    const float* values = scores_of(found, wanted).data() + first;
    return {values, values + n};
  }
  [[nodiscard]] Evaluation validate(
      const std::vector<double>& score) const override {
    const auto& label = problem_.data.validation.label;
    Matrix found(label.rows(), label.cols());
    std::copy(score.begin(), score.end(), found.data());
    return evaluate(found);
  }

  std::vector<EmRecord> finish() override {
    if (!best_.empty()) restore(best_, parameters_);
    const auto best = std::max_element(
        iterations_.begin(), iterations_.end(),
        [](const auto& x, const auto& y) { return x.fused < y.fused; });
    if (best != iterations_.end()) best->best = true;
    return iterations_;
  }

 private:
  /// Whether a loss of the phase evaluates this scale.
  [[nodiscard]] bool reads(const char* scale) const {
    return std::any_of(phase_.losses.begin(), phase_.losses.end(),
                       [&](const auto& term) { return term.branch == scale; });
  }

  /// By the second node if that is costly and there are two types, else by the
  /// first.
  [[nodiscard]] PairGroups group_pairs() const {
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

  /// Scores of the validation pairs.
  [[nodiscard]] ScaleScores scores_by(
      const std::vector<InteractionScale>& wanted, const Tick& tick) const {
    return problem_.world.score(net_, problem_.data.validation, wanted,
                                problem_.control.threads, tick);
  }

  void learn_pseudo_labels(const Tick& tick) {
    pseudo_ = {};
    for (const auto& term : phase_.losses) {
      if (!is_pseudo(term) || problem_.unlabelled.size() == 0) continue;
      const auto pool =
          problem_.world.score(net_, problem_.unlabelled, kBothScales,
                               problem_.control.threads, tick);
      const auto teacher = scale_of(term.target.substr(sizeof(kPseudo) - 1));
      pseudo_ =
          pseudo_pairs(problem_.config, problem_.data, problem_.unlabelled,
                       pool, scores_by(kBothScales, tick), teacher);
    }
  }

  [[nodiscard]] LabelBatch batch_of(const Chunk& chunk) const {
    const auto& known = problem_.data.training;
    LabelBatch batch;
    Nodes all_a, all_b;
    std::vector<std::int64_t> own;  // pairs of the chunk
    for (std::size_t i = 0; i < chunk.items.size(); ++i) {
      const auto place = static_cast<std::int64_t>(i) - chunk.first;
      for (const auto pair : groups_.of(chunk.items[i])) {
        const bool is_known = pair < known.size();
        const auto& from = is_known ? known : pseudo_.pairs;
        const auto k = at(is_known ? pair : pair - known.size());
        all_a.push_back(from.a[k]);
        all_b.push_back(from.b[k]);
        if (place < 0 || place >= chunk.n) continue;
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

  void put_targets(const std::vector<std::int64_t>& pairs,
                   LabelBatch* batch) const {
    const auto& known = problem_.data.training;
    const auto n = static_cast<Eigen::Index>(pairs.size());
    Matrix label(n, known.label.cols()), weight(n, known.label.cols());
    Matrix is_labelled(n, 1);
    for (Eigen::Index row = 0; row < n; ++row) {
      const auto pair = pairs[at(row)];
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
  [[nodiscard]] std::vector<std::uint8_t> hidden_nodes(
      const Nodes& nodes, std::uint64_t seed) const {
    std::vector<std::uint8_t> hidden(at(problem_.data.n_nodes()), 0);
    Rng rng(derive_seed(seed, kHiddenStream));
    for (const auto node : nodes) {
      if (rng.uniform() < kHiddenNodes) hidden[at(node)] = 1;
    }
    return hidden;
  }

  /// (B, C) of each scale that is read.
  [[nodiscard]] std::map<std::string, Tensor> outputs_of(
      const LabelBatch& batch, const Chunk& chunk) const {
    const auto& world = problem_.world;
    auto& net = *net_;
    ChunkRng rng = chunk.is_whole() ? chunk.rng() : chunk.part_rng();
    const bool is_fused = reads(kFusedScales);
    const bool network = is_fused || reads(kNetworkScale);
    std::map<std::string, Tensor> out;
    Tensor own, other, all = all_structure_;
    if (is_fused || reads(kStructureScale)) {
      // A network scale trained at the same time reads all nodes' vectors.
      Nodes nodes = once(batch.a, batch.b);
      if (network) {
        nodes.resize(at(problem_.data.n_nodes()));
        std::iota(nodes.begin(), nodes.end(), 0);
      }
      const auto windows =
          derive_seed(chunk.seed, static_cast<std::uint64_t>(chunk.first));
      const Tensor z = world.structure(net_, nodes, &rng, windows);  // (n, D)
      if (network) all = z;
      const auto rows_of = [&](const Nodes& ends) {
        const auto rows = torch::tensor(positions_of(ends, nodes));
        return z.index_select(0, rows.to(world.device()));
      };
      own = net.structure->pairs(rows_of(batch.a), rows_of(batch.b), &rng);
      out[kStructureScale] = net.structure->score->forward(own);
    }
    if (network) {
      const Tensor h = net.network->nodes(world.network_input(all),
                                          world.messages(batch.mask),
                                          problem_.control.threads, &rng);
      other =
          net.network->pairs(h, world.rows(batch.a), world.rows(batch.b),
                             world.common(batch.mask, batch.a, batch.b), &rng);
      out[kNetworkScale] = net.network->score->forward(other);
    }
    if (is_fused) out[kFusedScales] = net.fuse(own, other, &rng);
    return out;
  }

  [[nodiscard]] Evaluation evaluate(const Matrix& found) const {
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

  /// Restores the weights before a phase that made its branch worse; returns
  /// whether it did.
  [[nodiscard]] bool undo_loss(double value) {
    if (std::isnan(value)) return false;
    const auto first = first_.emplace(phase_.monitored, value).first->second;
    if (before_.empty() || value >= first - phase_.most_loss) return false;
    restore(before_, parameters_);
    return true;
  }

  void end_iteration() {
    const ScaleScores scores = scores_by(kBothScales, {});
    const Matrix mean = (scores.structure + scores.network) / 2;
    EmRecord record;
    record.iteration = static_cast<int>(iterations_.size());
    record.fused = monitored_value(evaluate(mean), phase_.monitor);
    record.n_pairs = pseudo_.size();
    record.share_positive = pseudo_.share_positive();
    iterations_.push_back(record);
    if (std::isnan(record.fused) || record.fused <= best_value_) return;
    best_value_ = record.fused;
    best_ = snapshot(parameters_);
  }

  mutable InteractionNet net_;
  InteractionProblem problem_;
  std::vector<Phase> phases_;
  NamedParameters parameters_;
  std::vector<EmRecord> iterations_;
  std::vector<Tensor> best_;  // weights of the best iteration
  double best_value_ = -std::numeric_limits<double>::infinity();
  std::map<std::string, double> first_;  // value by the monitored output
  // Of the current phase.
  Phase phase_;
  std::vector<Tensor> before_;  // weights, where it may be undone
  Tensor all_structure_;  // that the network scale reads, where it is frozen
  PseudoPairs pseudo_;
  PairGroups groups_;
};

}  // namespace

std::unique_ptr<InteractionLearner> make_interaction_learner(
    InteractionNet net, const InteractionProblem& problem) {
  return std::make_unique<ScaleLearner>(std::move(net), problem);
}

}  // namespace musl::nn
