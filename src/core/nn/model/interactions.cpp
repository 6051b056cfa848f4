#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "muse/interaction_state.h"
#include "muse/kernel_scale.h"
#include "muse/label_graph.h"
#include "muse/label_profiles.h"
#include "muse/link_kernel.h"
#include "muse/unlabelled_pairs.h"
#include "nn/base/boundary.h"
#include "nn/base/parameters.h"
#include "nn/infer/predictor.h"
#include "nn/model/backend_functions.h"
#include "nn/model/node_members.h"
#include "nn/muse/interaction_learner.h"
#include "nn/muse/interaction_net.h"
#include "nn/muse/interaction_world.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kPoolSize = 5;  // unlabelled pairs a training pair

enum SeedStream : std::uint64_t {
  kPool = 101,
  kInitial = 102,
  kTraining = 103
};

InteractionShape shape_of(const InteractionState& state) {
  InteractionShape shape;
  for (const auto& block : state.nodes) {
    shape.nodes.push_back({block.kind,
                           block.features.cols() + block.n_columns(),
                           state.config.crop});
  }
  shape.n_outputs = state.graph.n_channels();
  shape.width = state.config.width;
  shape.dropout = state.config.dropout;
  return shape;
}

std::vector<InteractionScale> scales_wanted(bool is_joint) {
  auto wanted = kBothScales;
  if (is_joint) wanted.push_back(InteractionScale::fused);
  return wanted;
}

/// all_structure() of a member.
using StructureOf = std::function<Tensor(std::size_t member,
                                         const std::function<bool()>& tick)>;

/// The members' mean. Without `structure` each network computes its own.
ScaleScores mean_scores(const InteractionWorld& world,
                        const std::vector<InteractionNet>& nets, bool is_joint,
                        const LabelledPairs& pairs, int threads,
                        const EventSink& sink,
                        const StructureOf& structure = {}) {
  ScaleScores sum;
  TrainEvent event = progress_event(0, static_cast<std::int64_t>(nets.size()));
  for (std::size_t i = 0; i < nets.size(); ++i) {
    ++event.batch;
    const auto tick = [&] { return !sink || sink(event); };
    const ScaleScores found =
        world.score(nets[i], pairs, scales_wanted(is_joint), threads, tick,
                    structure ? structure(i, tick) : Tensor());
    if (sum.network.size() == 0) {
      sum = found;
      continue;
    }
    sum.fused += found.fused;
    sum.structure += found.structure;
    sum.network += found.network;
  }
  const auto n = static_cast<float>(nets.size());
  sum.fused /= n;
  sum.structure /= n;
  sum.network /= n;
  return sum;
}

Matrix probabilities(const Matrix& logit) {
  return (1 / (1 + (-logit.cast<double>().array()).exp()))
      .cast<float>()
      .matrix();
}

class TorchInteractions final : public InteractionModel {
 public:
  TorchInteractions(InteractionState state, std::vector<InteractionNet> nets)
      : state_(std::move(state)),
        nets_(std::move(nets)),
        seen_(state_.graph.seen()),
        structure_(nets_.size()) {}

  [[nodiscard]] InteractionScores score(const LabelledPairs& pairs, int threads,
                                        const EventSink& sink) const override {
    return at_boundary("Scoring interactions", [&] {
      const SingleThreadGuard single_thread;
      const InteractionWorld& own = world();
      const SinglePrecisionGuard single(own.device());
      LabelGraph graph;
      std::unique_ptr<const InteractionWorld> asked;
      if (state_.config.known_edges) {
        graph = with_links(state_.graph, pairs);
        asked = std::make_unique<const InteractionWorld>(state_.nodes, graph,
                                                         own.device());
      }
      ScaleScores found = mean_scores(
          asked ? *asked : own, nets_, state_.is_joint, pairs, threads, sink,
          [&](std::size_t member, const std::function<bool()>& tick) {
            return structure_of(member, threads, tick);
          });
      InteractionScores out;
      if (state_.kernels.size() > 0) {
        found.kernels = kernel_scores(state_.kernels, pairs);
        out.kernels = on_scale(found.kernels);
      }
      out.node_mean = node_means(state_.graph, pairs, is_affinity());
      if (state_.profile_power > 0) {
        out.profile =
            profiles(threads).score(pairs, state_.profile_power, threads);
        found.profile = mean_evidence(out.profile, state_.graph.mean);
      }
      if (state_.fuses_means()) {
        found.node_mean = mean_evidence(out.node_mean, state_.graph.mean);
      }
      if (!state_.links.own.empty()) {
        out.links =
            score_links(state_.links, graph, alike(threads), pairs, threads);
        found.links = mean_evidence(out.links, state_.graph.mean);
      }
      out.n_unseen = count_unseen(seen_, pairs);
      out.fused = on_scale(fuse(state_.fusion, found, out.n_unseen));
      out.structure = on_scale(found.structure);
      out.network = on_scale(found.network);
      if (is_affinity()) out.node_mean = on_scale(out.node_mean);
      return out;
    });
  }

  [[nodiscard]] std::int64_t n_parameters() const override {
    return count_parameters(nets_);
  }

  [[nodiscard]] LabelThresholds thresholds() const override {
    return state_.threshold;
  }

 private:
  [[nodiscard]] bool is_affinity() const {
    return state_.config.task == "affinity";
  }

  /// On the device, where the networks move.
  [[nodiscard]] const InteractionWorld& world() const {
    const std::lock_guard<std::mutex> lock(keeping_);
    if (!world_) {
      world_.emplace(state_.nodes, state_.graph, moved_to_device(&nets_));
    }
    return *world_;
  }

  /// Computed once, since those of a thousand proteins take seconds whatever
  /// the pairs; neither nodes nor networks ever change.
  [[nodiscard]] Tensor structure_of(std::size_t member, int threads,
                                    const std::function<bool()>& tick) const {
    {
      const std::lock_guard<std::mutex> lock(keeping_);
      if (structure_[member].defined()) return structure_[member];
    }
    Tensor found = world_->all_structure(nets_[member], threads, tick);
    const std::lock_guard<std::mutex> lock(keeping_);
    structure_[member] = found;
    return found;
  }

  /// Made once, for the same reason.
  [[nodiscard]] const LabelProfiles& profiles(int threads) const {
    const std::lock_guard<std::mutex> lock(keeping_);
    if (profiles_ == nullptr) {
      profiles_ = std::make_unique<LabelProfiles>(state_.graph, threads);
    }
    return *profiles_;
  }

  [[nodiscard]] const Matrix& alike(int threads) const {
    const std::lock_guard<std::mutex> lock(keeping_);
    if (alike_.size() == 0) alike_ = alike_features(state_.nodes, threads);
    return alike_;
  }

  [[nodiscard]] Matrix on_scale(const Matrix& x) const {
    if (!is_affinity()) return probabilities(x);
    return (x.cast<double>().array() * state_.scale + state_.mean)
        .cast<float>()
        .matrix();
  }

  InteractionState state_;
  mutable std::vector<InteractionNet> nets_;
  std::vector<std::uint8_t> seen_;
  mutable std::mutex keeping_;
  mutable std::optional<InteractionWorld> world_;
  mutable std::vector<Tensor> structure_;  // by member, once it is known
  mutable std::unique_ptr<const LabelProfiles> profiles_;
  mutable Matrix alike_;  // empty until it is needed
};

/// Trains the members and puts them together.
class InteractionFitting {
 public:
  InteractionFitting(const InteractionConfig& config,
                     const ControlConfig& control, int members,
                     const InteractionData& data)
      : control_(control), members_(members) {
    state_.config = config;
    state_.is_joint = config.strategy == "joint";
    standardise_nodes(data, &state_);
    data_ = standardise_labels(config, data, &state_);
    state_.graph = make_label_graph(config, data_);
    device_ = nn::device_of(control.device);
  }

  InteractionFit run(const EventSink& sink) {
    const InteractionWorld world(state_.nodes, state_.graph, device_);
    const LabelledPairs pool = unlabelled();
    for (int i = 0; i < members_ && !out_.cancelled; ++i) {
      train_member(i, world, pool, sink);
    }
    finish(world, sink);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::uint64_t seed() const {
    return static_cast<std::uint64_t>(control_.seed);
  }

  [[nodiscard]] LabelledPairs unlabelled() const {
    if (state_.config.strategy != "em") return {};
    if (data_.unlabelled.size() > 0) return data_.unlabelled;
    return draw_unlabelled_pairs(data_, kPoolSize * data_.training.size(),
                                 derive_seed(seed(), kPool));
  }

  void train_member(int i, const InteractionWorld& world,
                    const LabelledPairs& pool, const EventSink& sink) {
    const auto member = static_cast<std::uint64_t>(i);
    InteractionNet net(shape_of(state_));
    initialise(*net, derive_seed(seed(), kInitial, member));
    net->to(device_);
    const auto learner = make_interaction_learner(
        net, {state_.config, control_, data_, world, pool});
    const EventSink own_sink = member_sink(sink, i, members_);
    TrainSettings settings = train_settings(control_, own_sink);
    settings.seed = derive_seed(seed(), kTraining, member);
    if (!train_one(learner.get(), settings, i, &out_)) return;
    for (auto record : learner->finish()) {
      record.member = i + 1;
      out_.em.push_back(record);
    }
    nets_.push_back(net);
  }

  /// (n, 1) of the validation pairs; empty where there are no kernels.
  Matrix learn_kernels(const EventSink& sink) {
    if (out_.cancelled || !has_kernels(state_.config, data_)) return {};
    const TrainEvent event = progress_event(0, 0, "kernels");
    const auto tick = [&] { return !sink || sink(event); };
    try {
      KernelFit fit =
          fit_kernels(state_.nodes, data_.training, data_.validation,
                      state_.config.task == "binary", control_.threads, tick);
      state_.kernels = std::move(fit.score);
      return std::move(fit.validation);
    } catch (const CancelledError&) {
      out_.cancelled = true;  // the networks are a model
      return {};
    }
  }

  /// From both parts; the validation pairs are judged without their labels. The
  /// links of all nodes are known.
  void learn_links(const LabelledPairs& validation) {
    if (!has_links(state_.config)) return;
    const Matrix alike = alike_features(state_.nodes, control_.threads);
    const LinkRegression links(state_.graph, alike, control_.threads, {});
    state_.links = links.kernel();
    state_.threshold.links = state_.threshold.fused = fused_threshold(
        links.without(validation), validation.label,
        std::vector<int>(validation.a.size(), 0), state_.graph.mean);
    state_.fusion = fusion_of_links(state_.n_scales(), state_.graph.mean);
  }

  void finish(const InteractionWorld& world, const EventSink& sink) {
    const LabelledPairs pairs = data_.validation;
    const bool has_several = state_.config.task == "multilabel";
    const auto n_unseen = count_unseen(state_.graph.seen(), pairs);
    ScaleScores found =
        mean_scores(world, nets_, state_.is_joint, pairs, control_.threads, {});
    found.kernels = learn_kernels(sink);
    Matrix node_mean, profile;
    if (can_have_profiles(state_.config, state_.graph)) {
      const LabelProfiles profiles(state_.graph, control_.threads);
      state_.profile_power =
          choose_profile_power(profiles, pairs, control_.threads);
      profile = profiles.score(pairs, state_.profile_power, control_.threads);
      found.profile = mean_evidence(profile, state_.graph.mean);
    }
    if (state_.config.task != "affinity") {
      node_mean = node_means(state_.graph, pairs, /*is_sum=*/false);
      if (profile.size() == 0) {
        found.node_mean = mean_evidence(node_mean, state_.graph.mean);
      }
    }
    if (has_several) {
      const auto best = [&](const Matrix& probability) {
        return probability.size() > 0 ? best_threshold(probability, pairs.label)
                                      : kUsualThreshold;
      };
      auto& threshold = state_.threshold;
      threshold.structure = best(probabilities(found.structure));
      threshold.network = best(probabilities(found.network));
      threshold.node_mean = best(node_mean);
      threshold.profile = best(profile);
      // Nothing else is left to choose by them: their labels count as others.
      data_.training = both_parts(data_.training, pairs);
      data_.validation = {};
      state_.graph = make_label_graph(state_.config, data_);
    }
    state_.fusion = fit_fusion(state_.config.task, state_.is_joint, found,
                               pairs.label, n_unseen, state_.graph.mean);
    if (has_several) {
      state_.threshold.fused =
          fused_threshold(probabilities(fuse(state_.fusion, found, n_unseen)),
                          pairs.label, n_unseen, state_.graph.mean);
      learn_links(pairs);
    }
    state_.members = static_cast<int>(nets_.size());
    put_interactions(state_, &out_.archive);
    put_members(nets_, &out_.archive);
  }

  const ControlConfig& control_;
  int members_;
  torch::Device device_{torch::kCPU};
  InteractionState state_;
  InteractionData data_;
  std::vector<InteractionNet> nets_;
  InteractionFit out_;
};

}  // namespace

InteractionFit fit_interactions(const InteractionConfig& config,
                                const ControlConfig& control, int members,
                                const InteractionData& data,
                                const EventSink& sink) {
  return at_boundary("Training", [&] {
    const SingleThreadGuard single_thread;
    return InteractionFitting(config, control, members, data).run(sink);
  });
}

std::shared_ptr<const InteractionModel> read_interactions(
    const Archive& archive) {
  return at_boundary("Reading a model", [&] {
    InteractionState state = take_interactions(archive);
    auto nets =
        read_members<InteractionNet>(state.members, shape_of(state), archive);
    return std::make_shared<TorchInteractions>(std::move(state),
                                               std::move(nets));
  });
}

}  // namespace musl::nn
