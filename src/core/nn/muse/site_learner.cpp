#include "nn/muse/site_learner.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/numbers.h"
#include "nn/learn/learner.h"
#include "nn/muse/site_net.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kFewestChains = 4;  // of a batch

class SiteLearner final : public Learner {
 public:
  SiteLearner(SiteNet net, const SiteProblem& problem)
      : net_(std::move(net)), problem_(problem) {
    phases_ = {phase_of("sites", problem.control)};
    phases_.front().losses = {{"bce", "sites"}};
    phases_.front().monitored = "sites";
    double labelled = 0;
    for (std::size_t i = 0; i < problem.data.label.size(); ++i) {
      const auto& label = problem.data.label[i];
      const auto known =
          std::count_if(label.begin(), label.end(),
                        [](float value) { return !std::isnan(value); });
      if (known == 0) continue;
      const bool judges = problem.data.validation[i] != 0;
      (judges ? validation_ : training_)
          .push_back(static_cast<std::int64_t>(i));
      if (judges) {
        judged_.insert(judged_.end(), label.begin(), label.end());
      } else {
        labelled += static_cast<double>(known);
      }
    }
    mean_labelled_ = labelled / static_cast<double>(training_.size());
  }

  [[nodiscard]] torch::nn::Module& module() override { return *net_; }
  [[nodiscard]] const std::vector<Phase>& phases() const override {
    return phases_;
  }
  [[nodiscard]] std::int64_t n_items() const override {
    return size_of(training_);
  }
  [[nodiscard]] std::int64_t batch_items(int batch_size) const override {
    const auto chains = std::llround(batch_size / mean_labelled_);
    return std::max<std::int64_t>(chains, kFewestChains);
  }
  /// Half a batch.
  [[nodiscard]] std::int64_t chunk_size() const override {
    return (batch_items(problem_.control.batch_size) + 1) / 2;
  }

  [[nodiscard]] ChunkLoss chunk_loss(const Chunk& chunk) const override {
    adopt_thread_limit();
    ChunkRng rng = chunk.is_whole() ? chunk.rng() : chunk.part_rng();
    std::vector<std::int64_t> chains;
    std::vector<float> label, known;
    for (const auto item : chunk.own_items()) {
      chains.push_back(training_[at(item)]);
      for (const float value : problem_.data.label[at(chains.back())]) {
        label.push_back(std::isnan(value) ? 0.0f : value);
        known.push_back(std::isnan(value) ? 0.0f : 1.0f);
      }
    }
    const Tensor found = net_->forward(problem_.chains, chains, &rng);  // (R)
    const Tensor weight = torch::tensor(known).to(found.device());
    const Tensor loss = torch::binary_cross_entropy_with_logits(
                            found, torch::tensor(label).to(found.device()),
                            weight, {}, at::Reduction::None)
                            .sum();
    // The Trainer divides by items.
    return {{loss / mean_labelled_}, loss.detach(), weight.sum(), {}};
  }

  [[nodiscard]] std::int64_t n_validation() const override {
    return size_of(judged_);
  }
  [[nodiscard]] std::vector<double> score(std::int64_t first, std::int64_t n,
                                          const Tick& tick) const override {
    std::vector<double> all;
    for (const auto& chain : score_sites(net_, problem_.chains, validation_,
                                         problem_.control.threads, tick)) {
      all.insert(all.end(), chain.begin(), chain.end());
    }
    return {all.begin() + first, all.begin() + first + n};
  }
  [[nodiscard]] Evaluation validate(
      const std::vector<double>& score) const override {
    std::vector<std::uint8_t> use;
    for (const float label : judged_) use.push_back(std::isnan(label) ? 0 : 1);
    return evaluate_scores(score, judged_, use);
  }

 private:
  mutable SiteNet net_;
  SiteProblem problem_;
  std::vector<Phase> phases_;
  std::vector<std::int64_t> training_, validation_;  // chains
  std::vector<float> judged_;  // labels of the validation chains
  double mean_labelled_ = 1;   // residues of a training chain
};

}  // namespace

std::unique_ptr<Learner> make_site_learner(SiteNet net,
                                           const SiteProblem& problem) {
  return std::make_unique<SiteLearner>(std::move(net), problem);
}

}  // namespace musl::nn
