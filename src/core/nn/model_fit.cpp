#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <utility>

#include "coexpression.h"
#include "musl/device.h"
#include "musl/error.h"
#include "musl/half.h"
#include "musl/model.h"
#include "musl/partners.h"
#include "musl/rng.h"
#include "nn/boundary.h"
#include "nn/infer/predictor.h"
#include "nn/model_impl.h"
#include "nn/train/batcher.h"
#include "nn/train/gene_stage.h"
#include "nn/train/gradient_exchange.h"
#include "nn/train/score_together.h"
#include "nn/train/trainer.h"
#include "nn/weights.h"

namespace musl {

namespace {

void check_labels(const PairSet& pairs, const std::string& part,
                  std::int64_t n_genes) {
  check_pairs(pairs, n_genes);
  std::int64_t n_positive = 0;
  for (const float label : pairs.label) {
    if (label != 0.0f && label != 1.0f) {
      throw InputError("Labels of the " + part + " pairs must be 0 or 1, not " +
                       std::to_string(label) + ".");
    }
    n_positive += label == 1.0f ? 1 : 0;
  }
  if (!pairs.has_labels() || n_positive == 0 || n_positive == pairs.size()) {
    throw InputError("The " + part + " pairs must hold SL and non-SL pairs; " +
                     std::to_string(n_positive) + " of " +
                     std::to_string(pairs.size()) +
                     " are SL. Add pairs of the other class.");
  }
}

/// Can this encoder read anything of the dataset?
bool has_input(const Dataset& data, const std::string& encoder) {
  if (encoder == "partners") return true;  // the labelled pairs
  const bool reads_nodes = encoder == "graph" || encoder == "genes";
  if (!reads_nodes) return !data.sources.empty();
  return !data.blocks.empty() &&
         std::any_of(data.in_graph.begin(), data.in_graph.end(),
                     [](std::uint8_t in) { return in != 0; });
}

ArchitectureConfig with_usable_encoders(ArchitectureConfig architecture,
                                        const Dataset& data) {
  auto& names = architecture.encoders;
  names.erase(
      std::remove_if(names.begin(), names.end(),
                     [&](const auto& name) { return !has_input(data, name); }),
      names.end());
  if (names.empty()) {
    throw InputError(
        "The data holds nothing that the encoders asked for can read. Add "
        "expression, a network or embeddings.");
  }
  return architecture;
}

void check_training_data(const Dataset& data,
                         const ArchitectureConfig& architecture,
                         const PairSet& training) {
  // Without data on genes, known partners are all there is to learn from.
  if (architecture.encoders == std::vector<std::string>{"partners"}) return;
  const auto use =
      nn::pairs_with_data(data, /*known=*/{}, architecture.encoders,
                          /*encoder=*/-1, training);
  if (std::none_of(use.begin(), use.end(), [](auto x) { return x != 0; })) {
    throw InputError("None of the " + std::to_string(training.size()) +
                     " training pairs has both genes in a source or in the "
                     "graph. Check that pairs and data name the same genes.");
  }
}

void check_init(const Model::Impl& init, const ArchitectureConfig& architecture,
                const Dataset& data) {
  if (to_json(init.architecture) != to_json(architecture)) {
    throw InputError("`init` must have the architecture asked for: " +
                     to_json(init.architecture) + " there, " +
                     to_json(architecture) + " here.");
  }
  nn::check_dataset(init, data);
}

nn::MuslNet start_net(const ArchitectureConfig& architecture,
                      const nn::InputSizes& sizes, const Model* init,
                      std::size_t member, std::int64_t seed) {
  if (init != nullptr) {
    const auto& nets = init->impl().nets;
    return nn::copy_net(nets[member % nets.size()], torch::kCPU);
  }
  nn::MuslNet net(architecture, sizes);
  nn::initialise(*net, derive_seed(static_cast<std::uint64_t>(seed), 0));
  return net;
}

/// Replaces node blocks, raw embeddings among them, by the vectors that the
/// networks make of them. Spectral and co-expression rows stay: new genes are
/// placed by them.
void keep_gene_vectors(int threads, Model::Impl* model) {
  Dataset& data = model->data;
  Matrix vectors;
  for (const auto& net : model->nets) {
    if (net->gene_width() == 0) continue;
    const nn::GeneStage genes(net->gene_encoders(), data, model->preprocess,
                              torch::kCPU, threads);
    append_columns(genes.all_vectors(data.n_genes), &vectors);
  }
  data.gene_vectors = std::move(vectors);
  auto& blocks = data.blocks;
  blocks.erase(std::remove_if(blocks.begin(), blocks.end(),
                              [](const auto& block) {
                                return !is_reference_block(block.name);
                              }),
               blocks.end());
  // As a file will hold them, so that a model reads the same after a save.
  for (auto& block : blocks) {
    block.values =
        block.values.unaryExpr([](float x) { return round_to_half(x); });
  }
}

/// The distinct training pairs of all members, in the order of their keys.
PairSet pooled_training(const std::vector<TrainingPart>& parts,
                        std::int64_t n_genes) {
  std::map<std::int64_t, float> labels;
  for (const auto& part : parts) {
    const PairSet& pairs = part.training;
    for (std::size_t i = 0; i < pairs.a.size(); ++i) {
      labels.emplace(pair_key(pairs.a[i], pairs.b[i], n_genes), pairs.label[i]);
    }
  }
  PairSet pool;
  for (const auto& [key, label] : labels) {
    pool.a.push_back(static_cast<std::int32_t>(key / n_genes));
    pool.b.push_back(static_cast<std::int32_t>(key % n_genes));
    pool.label.push_back(label);
  }
  return pool;
}

void check_parts(const std::vector<TrainingPart>& parts, std::int64_t n_genes) {
  if (parts.empty()) {
    throw InputError("A model must have at least one member to train.");
  }
  for (const auto& part : parts) {
    check_labels(part.training, "training", n_genes);
    if (part.validation.size() > 0) {
      check_labels(part.validation, "validation", n_genes);
    }
  }
}

Preprocess learn_preprocess(const Dataset& data, const PairSet& pool,
                            const ArchitectureConfig& architecture,
                            int threads) {
  Preprocess out = fit_preprocess(data, pool, architecture, threads);
  if (reads_partners(architecture)) {
    fit_partner_scalers(partner_spaces(data, out, threads), pool, data.n_genes,
                        threads, &out);
  }
  return out;
}

/// The settings of one member: a seed and a checkpoint of its own.
ControlConfig member_control(const ControlConfig& control, std::size_t member) {
  ControlConfig own = control;
  if (member == 0) return own;
  own.seed = static_cast<std::int64_t>(
      derive_seed(static_cast<std::uint64_t>(control.seed), 2, member) >> 1);
  if (!own.checkpoint.empty()) {
    own.checkpoint += "." + std::to_string(member + 1);
  }
  return own;
}

/// Events of one member as a part of the whole.
EventSink member_sink(const EventSink& sink, std::size_t member,
                      std::size_t n_members) {
  if (!sink) return {};
  return [&sink, member, n_members](const TrainEvent& event) {
    TrainEvent whole = event;
    whole.phase_index += static_cast<int>(member) * event.n_phases;
    whole.n_phases *= static_cast<int>(n_members);
    return sink(whole);
  };
}

void remove_checkpoints(const ControlConfig& control, std::size_t n_members) {
  if (control.checkpoint.empty()) return;
  for (std::size_t i = 0; i < n_members; ++i) {
    std::filesystem::remove(member_control(control, i).checkpoint);
  }
}

/// Trains the members of a model one after the other.
class Fitting {
 public:
  Fitting(const ControlConfig& control, const std::vector<TrainingPart>& parts,
          const EventSink& sink, nn::GradientExchange* exchange,
          std::shared_ptr<Model::Impl> model, FitResult* result)
      : control_(control),
        parts_(parts),
        sink_(sink),
        exchange_(exchange),
        model_(std::move(model)),
        device_(resolve_device(control.device)),
        result_(*result) {
    if (model_->reads_partners()) {
      spaces_ =
          partner_spaces(model_->data, model_->preprocess, control.threads);
    }
  }

  void run(const Model* init) {
    for (std::size_t i = 0; i < parts_.size() && !result_.cancelled; ++i) {
      run_member(i, init);
    }
    if (nn::is_follower(exchange_)) return;
    if (!result_.cancelled) remove_checkpoints(control_, parts_.size());
    fit_weights();
    keep_gene_vectors(control_.threads, model_.get());
    model_->data.spaces = std::move(spaces_);
  }

 private:
  void run_member(std::size_t i, const Model* init) {
    const ControlConfig control = member_control(control_, i);
    const auto& [training, validation] = parts_[i];
    const auto& data = model_->data;
    nn::MuslNet net = start_net(model_->architecture,
                                nn::input_sizes(data, model_->preprocess), init,
                                i, control.seed);
    // As predict() will know them: each once, in the order of their keys.
    const PairSet known = pooled_training({parts_[i]}, data.n_genes);
    const auto partners = nn::make_partner_inputs(
        spaces_, known, training, data.n_genes, control.threads);
    net->to(device_);
    const EventSink sink = member_sink(sink_, i, parts_.size());
    nn::TrainOutcome outcome;
    try {
      outcome = nn::train(
          net, {model_->architecture, control, data, model_->preprocess,
                partners, training, validation, device_, sink, exchange_});
    } catch (const CancelledError&) {
      if (i == 0) throw;
      result_.cancelled = true;  // the members so far are a model
      return;
    }
    for (auto& record : outcome.history) {
      record.member = static_cast<int>(i) + 1;
      result_.history.push_back(std::move(record));
    }
    result_.cancelled = outcome.cancelled;
    result_.converged = result_.converged && outcome.converged;
    score_validation(net, partners, validation);
    net->to(torch::kCPU);
    model_->nets.push_back(net);
  }

  void score_validation(const nn::MuslNet& net,
                        const nn::PartnerInputs& partners,
                        const PairSet& validation) {
    const nn::Batcher batcher(model_->data, model_->preprocess, partners,
                              net->input_names(), net->sizes(), device_);
    const nn::GeneStage genes(net->gene_encoders(), model_->data,
                              model_->preprocess, device_, control_.threads);
    nn::ScoreRequest request;
    request.threads = control_.threads;
    request.logits = true;
    const nn::Predictor predictor(net, model_->data, batcher, genes);
    const Prediction found =
        nn::score_together(predictor, validation, request, exchange_);
    for (std::size_t i = 0; i < found.score.size(); ++i) {
      logits_.push_back(found.logits.row(static_cast<Eigen::Index>(i)));
      scored_.push_back(std::isfinite(found.score[i]) ? 1 : 0);
      label_.push_back(validation.label[i]);
      n_unseen_.push_back(2 - (partners.known.seen(validation.a[i]) ? 1 : 0) -
                          (partners.known.seen(validation.b[i]) ? 1 : 0));
    }
  }

  /// Weighs the branches by the validation pairs of all members, each scored by
  /// the member that did not train on it, and scores them so.
  void fit_weights() {
    const auto n_branches =
        static_cast<int>(model_->architecture.encoders.size());
    const auto start = default_weights(model_->net().fused_encoders(),
                                       model_->architecture.branch_weight);
    Matrix logits =
        Matrix::Zero(static_cast<Eigen::Index>(logits_.size()), n_branches + 1);
    for (std::size_t i = 0; i < logits_.size(); ++i) {
      logits.row(static_cast<Eigen::Index>(i)) = logits_[i];
    }
    model_->stack = fit_stack(logits, label_, n_unseen_, start, kStackStrength);
    constexpr double kEqualShares = 0.5;
    put_on_one_scale(
        fit_calibration(stacked(logits), label_, n_unseen_, kEqualShares),
        &model_->stack);
    result_.valid_score = stacked(logits);
    result_.valid_n_unseen = std::move(n_unseen_);
  }

  /// Scores of the validation pairs by the weights there are.
  [[nodiscard]] std::vector<double> stacked(const Matrix& logits) const {
    std::vector<double> scores;
    for (std::size_t i = 0; i < logits_.size(); ++i) {
      const auto unseen = static_cast<std::size_t>(n_unseen_[i]);
      const auto& weight = model_->stack.weight[unseen];
      double score = std::numeric_limits<double>::quiet_NaN();
      if (scored_[i] != 0) {
        score = Eigen::Map<const Eigen::VectorXd>(weight.data(), logits.cols())
                    .dot(logits.row(static_cast<Eigen::Index>(i))
                             .transpose()
                             .cast<double>()) +
                model_->stack.constant[unseen];
      }
      scores.push_back(score);
    }
    return scores;
  }

  const ControlConfig& control_;
  const std::vector<TrainingPart>& parts_;
  const EventSink& sink_;
  nn::GradientExchange* exchange_;
  std::shared_ptr<Model::Impl> model_;
  torch::Device device_;
  FitResult& result_;
  std::vector<NodeBlock> spaces_;
  // Of the members' validation pairs, member by member.
  std::vector<Eigen::RowVectorXf> logits_;
  std::vector<std::uint8_t> scored_;
  std::vector<float> label_;
  std::vector<int> n_unseen_;
};

TrainEvent waiting_event() {
  TrainEvent event;
  event.phase = "waiting for the other processes";
  event.valid_auprc = event.valid_auroc =
      std::numeric_limits<double>::quiet_NaN();
  return event;
}

FitResult fit_checked(const ArchitectureConfig& asked,
                      const ControlConfig& control, Dataset data,
                      const std::vector<TrainingPart>& parts, const Model* init,
                      const EventSink& sink, const GroupConfig& group) {
  validate(asked);
  validate(control);
  check_parts(parts, data.n_genes);
  const auto architecture = with_usable_encoders(asked, data);
  const PairSet pool = pooled_training(parts, data.n_genes);
  check_training_data(data, architecture, pool);
  // The network is to learn its gene vectors, not to read another one's.
  if (!data.blocks.empty()) {
    data.gene_vectors.resize(0, 0);
    data.spaces.clear();
  }
  if (init != nullptr) check_init(init->impl(), architecture, data);
  const nn::SingleThreadGuard single_thread;
  const auto exchange =
      nn::join_group(group, torch::Device(resolve_device(control.device)),
                     [&sink] { return !sink || sink(waiting_event()); });

  auto model = std::make_shared<Model::Impl>();
  model->architecture = architecture;
  model->preprocess =
      init != nullptr
          ? init->impl().preprocess
          : learn_preprocess(data, pool, architecture, control.threads);
  model->data = std::move(data);
  model->data.known = pool;
  model->has_inputs = true;

  FitResult result{Model(model), {}, {}, {}, false, true};
  Fitting(control, parts, sink, exchange.get(), model, &result).run(init);
  nn::check_dataset(*model, model->data);
  return result;
}

}  // namespace

FitResult fit(const ArchitectureConfig& architecture,
              const ControlConfig& control, Dataset data,
              const std::vector<TrainingPart>& parts, const Model* init,
              const EventSink& sink, const GroupConfig& group) {
  return nn::at_boundary("Training", [&] {
    return fit_checked(architecture, control, std::move(data), parts, init,
                       sink, group);
  });
}

}  // namespace musl
