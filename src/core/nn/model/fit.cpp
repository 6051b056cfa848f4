#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/matrix.h"
#include "data/coexpression.h"
#include "nn/base/boundary.h"
#include "nn/model/backend_functions.h"
#include "nn/model/member.h"
#include "nn/model/networks.h"
#include "nn/model/node_members.h"
#include "nn/model/start.h"

namespace musl::nn {

namespace {

/// Keeps the node blocks that the networks read, as a file will store them, so
/// that a model reads the same after a save. Always keeps spectral and
/// co-expression rows, which place new genes.
void keep_blocks(ModelState* model) {
  const bool read =
      net_of(*model).gene_width() > 0 || reads_partners(model->architecture);
  auto& blocks = model->data.blocks;
  if (!read) {
    blocks.erase(std::remove_if(blocks.begin(), blocks.end(),
                                [](const auto& block) {
                                  return !is_reference_block(block.name);
                                }),
                 blocks.end());
  }
  const Preprocess& scalers = model->preprocess;
  for (auto& block : blocks) {
    const Scaler& scaler = scalers.block_scaler(block.name);
    block = block_of_codes(block.name, block_codes(block, scaler),
                           block.present, scaler);
  }
}

void remove_checkpoints(const ControlConfig& control, std::size_t n_members) {
  if (control.checkpoint.empty()) return;
  // A failure to remove it must not lose the trained model: the same call would
  // read the file again.
  std::error_code ignored;
  for (std::size_t i = 0; i < n_members; ++i) {
    std::filesystem::remove(member_control(control, i).checkpoint, ignored);
  }
}

/// Puts the members of a model together, in their order.
class Fitting {
 public:
  Fitting(const FitProblem& problem, FitStart start, FitResult* result)
      : problem_(problem),
        start_(std::move(start)),
        model_(start_.model),
        networks_(std::make_shared<TorchNetworks>()),
        result_(*result) {
    model_->networks = networks_;
  }

  /// Trains them one after the other.
  void run(const EventSink& sink) {
    const auto members = static_cast<int>(n_members());
    for (std::size_t i = 0; i < n_members() && !result_.cancelled; ++i) {
      const EventSink own = member_sink(sink, static_cast<int>(i), members);
      try {
        take(i, train_member(problem_, start_, i, own));
      } catch (const CancelledError&) {
        if (i == 0) throw;
        result_.cancelled = true;  // the members so far are a model
      }
    }
    finish();
  }

  void join(const std::vector<Archive>& members) {
    for (std::size_t i = 0; i < n_members(); ++i) {
      take(i, from_archive(problem_, start_, i, members.at(i)));
    }
    finish();
  }

 private:
  [[nodiscard]] std::size_t n_members() const { return problem_.parts.size(); }

  void take(std::size_t i, Member member) {
    for (auto& record : member.history) {
      record.member = static_cast<int>(i) + 1;
      result_.history.push_back(std::move(record));
    }
    result_.cancelled = member.cancelled;
    result_.converged = result_.converged && member.converged;
    const auto label = problem_.parts[i].judged().label;
    for (std::size_t k = 0; k < member.scored.size(); ++k) {
      logits_.push_back(member.logits.row(static_cast<Eigen::Index>(k)));
      scored_.push_back(member.scored[k]);
      label_.push_back(label[k]);
      n_unseen_.push_back(member.n_unseen[k]);
    }
    networks_->nets.push_back(member.net);
  }

  void finish() {
    if (!result_.cancelled) remove_checkpoints(problem_.control, n_members());
    fit_weights();
    keep_blocks(model_.get());
  }

  /// Fits the branch weights on the judged pairs of all members, each scored by
  /// the member that did not train on it, and applies them.
  void fit_weights() {
    const auto n_branches =
        static_cast<int>(model_->architecture.encoders.size());
    Matrix logits =
        Matrix::Zero(static_cast<Eigen::Index>(logits_.size()), n_branches + 1);
    for (std::size_t i = 0; i < logits_.size(); ++i) {
      logits.row(static_cast<Eigen::Index>(i)) = logits_[i];
    }
    const auto start = default_weights(net_of(*model_).fused_encoders(),
                                       model_->architecture.branch_weight());
    model_->stack = fit_stack(logits, label_, n_unseen_, start, kStackStrength);
    model_->stack.constant = {};  // the line below has its own
    constexpr double kEqualShares = 0.5;
    put_on_one_scale(
        fit_calibration(stacked(logits), label_, n_unseen_, kEqualShares),
        &model_->stack);
    result_.valid_score = stacked(logits);
    result_.valid_n_unseen = std::move(n_unseen_);
  }

  /// Scores of the judged pairs by the current weights.
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

  const FitProblem& problem_;
  FitStart start_;
  std::shared_ptr<ModelState> model_;
  std::shared_ptr<TorchNetworks> networks_;
  FitResult& result_;
  // Of the members' judged pairs, member by member.
  std::vector<Eigen::RowVectorXf> logits_;
  std::vector<std::uint8_t> scored_;
  std::vector<float> label_;
  std::vector<int> n_unseen_;
};

/// The model that `put_together` makes of a Fitting.
template <typename PutTogether>
FitResult make_model(const FitProblem& problem, Dataset data,
                     const PutTogether& put_together) {
  return at_boundary("Training", [&] {
    const SingleThreadGuard single_thread;
    FitStart start = start_fit(problem, std::move(data));
    const auto model = start.model;
    FitResult result{Model(model), {}, {}, {}, false, true};
    Fitting fitting(problem, std::move(start), &result);
    put_together(&fitting);
    check_dataset(*model, networks_of(*model), model->data);
    return result;
  });
}

}  // namespace

FitResult fit(const ArchitectureConfig& architecture,
              const ControlConfig& control, Dataset data,
              const std::vector<TrainingPart>& parts, const EventSink& sink) {
  return make_model({architecture, control, parts}, std::move(data),
                    [&](Fitting* fitting) { fitting->run(sink); });
}

Archive fit_member(const ArchitectureConfig& architecture,
                   const ControlConfig& control, Dataset data,
                   const std::vector<TrainingPart>& parts, int member,
                   const EventSink& sink) {
  return at_boundary("Training", [&] {
    const SingleThreadGuard single_thread;
    const FitProblem problem{architecture, control, parts};
    const FitStart start = start_fit(problem, std::move(data));
    const Member trained =
        train_member(problem, start, static_cast<std::size_t>(member), sink);
    if (trained.cancelled) throw CancelledError("Training was interrupted.");
    return to_archive(trained);
  });
}

FitResult join_members(const ArchitectureConfig& architecture,
                       const ControlConfig& control, Dataset data,
                       const std::vector<TrainingPart>& parts,
                       const std::vector<Archive>& members) {
  return make_model({architecture, control, parts}, std::move(data),
                    [&](Fitting* fitting) { fitting->join(members); });
}

}  // namespace musl::nn
