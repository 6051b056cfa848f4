#include <cmath>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/numbers.h"
#include "base/rng.h"
#include "muse/site_state.h"
#include "nn/base/boundary.h"
#include "nn/base/device.h"
#include "nn/base/parameters.h"
#include "nn/infer/predictor.h"
#include "nn/model/backend_functions.h"
#include "nn/model/node_members.h"
#include "nn/muse/site_learner.h"
#include "nn/muse/site_net.h"

namespace musl::nn {

namespace {

enum SiteStream : std::uint64_t { kSiteInitial = 111, kSiteTraining = 112 };

SiteShape site_shape(const SiteState& state) {
  return {state.kind, static_cast<int>(state.n_columns()), state.config.width,
          state.config.dropout};
}

class TorchSites final : public SiteModel {
 public:
  TorchSites(SiteState state, std::vector<SiteNet> nets)
      : state_(std::move(state)), nets_(std::move(nets)) {}

  [[nodiscard]] SiteScores score(const NodeSet& nodes, int threads,
                                 const EventSink& sink) const override {
    return at_boundary("Scoring sites", [&] {
      const SingleThreadGuard single_thread;
      const SinglePrecisionGuard single(place());
      const auto graphs = site_graphs(state_, nodes);
      SiteScores out;
      out.residue_mean = residue_means(state_, nodes);
      out.score = mean_scores({graphs, nodes.text}, threads, sink);
      return out;
    });
  }

  [[nodiscard]] std::int64_t n_parameters() const override {
    return count_parameters(nets_);
  }

 private:
  /// The device, where the networks move.
  [[nodiscard]] torch::Device place() const {
    const std::lock_guard<std::mutex> lock(placing_);
    if (!device_) device_ = moved_to_device(&nets_);
    return *device_;
  }

  /// Mean probability of the members.
  [[nodiscard]] ResidueValues mean_scores(const SiteChains& chains, int threads,
                                          const EventSink& sink) const {
    const Numbers all = count_from(0, size_of(chains.sequences));
    TrainEvent event = progress_event(0, size_of(nets_));
    const auto tick = [&] { return !sink || sink(event); };
    ResidueValues mean(all.size());
    for (const auto& net : nets_) {
      ++event.batch;
      const auto found = score_sites(net, chains, all, threads, tick);
      for (std::size_t i = 0; i < found.size(); ++i) {
        mean[i].resize(found[i].size(), 0.0f);
        for (std::size_t r = 0; r < found[i].size(); ++r) {
          const double p =
              1 / (1 + std::exp(-static_cast<double>(found[i][r])));
          mean[i][r] +=
              static_cast<float>(p / static_cast<double>(nets_.size()));
        }
      }
    }
    return mean;
  }

  SiteState state_;
  mutable std::vector<SiteNet> nets_;
  mutable std::mutex placing_;
  mutable std::optional<torch::Device> device_;
};

/// Trains the members and puts them together.
class SiteFitting {
 public:
  SiteFitting(const SiteConfig& config, const ControlConfig& control,
              int members, const SiteData& data)
      : control_(control),
        members_(members),
        data_(data),
        device_(device_of(control.device)),
        state_(make_site_state(config, data)) {}

  SiteFit run(const EventSink& sink) {
    const auto graphs = site_graphs(state_, data_.nodes);
    const SiteChains chains{graphs, data_.nodes.text};
    for (int i = 0; i < members_ && !out_.cancelled; ++i) {
      train_member(i, chains, member_sink(sink, i, members_));
    }
    state_.members = static_cast<int>(nets_.size());
    put_sites(state_, &out_.archive);
    put_members(nets_, &out_.archive);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::uint64_t seed(SiteStream stream, int member) const {
    return derive_seed(static_cast<std::uint64_t>(control_.seed), stream,
                       static_cast<std::uint64_t>(member));
  }

  void train_member(int i, const SiteChains& chains, const EventSink& sink) {
    SiteNet net(site_shape(state_));
    initialise(*net, seed(kSiteInitial, i));
    net->to(device_);
    const auto learner = make_site_learner(net, {control_, data_, chains});
    TrainSettings settings = train_settings(control_, sink);
    settings.seed = seed(kSiteTraining, i);
    if (!train_one(learner.get(), settings, i, &out_)) return;
    nets_.push_back(net);
  }

  const ControlConfig& control_;
  int members_;
  const SiteData& data_;
  torch::Device device_;
  SiteState state_;
  std::vector<SiteNet> nets_;
  SiteFit out_;
};

}  // namespace

SiteFit fit_sites(const SiteConfig& config, const ControlConfig& control,
                  int members, const SiteData& data, const EventSink& sink) {
  return at_boundary("Training", [&] {
    const SingleThreadGuard single_thread;
    return SiteFitting(config, control, members, data).run(sink);
  });
}

std::shared_ptr<const SiteModel> read_sites(const Archive& archive) {
  return at_boundary("Reading a model", [&] {
    SiteState state = take_sites(archive);
    auto nets =
        read_members<SiteNet>(state.members, site_shape(state), archive);
    return std::make_shared<TorchSites>(std::move(state), std::move(nets));
  });
}

}  // namespace musl::nn
