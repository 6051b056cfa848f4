// A family of its own, by the one training loop.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "nn/base/layers.h"
#include "nn/base/parameters.h"
#include "nn/train/trainer.h"

namespace musl::nn {
namespace {

Phase of_auprc() {
  Phase phase{"fit", {}, {{"bce", ""}}, "", "auprc", 60, 5};
  phase.learning_rate = 0.05;
  return phase;
}

/// y = 1 where x > 0, by a weight and a bias.
struct Logistic : Learner {
  explicit Logistic(const Phase& phase) : phases_{phase} {
    initialise(*net_, 1);
  }
  torch::nn::Module& module() override { return *net_; }
  const std::vector<Phase>& phases() const override { return phases_; }
  std::string identity() const override { return R"({"of": "logistic"})"; }
  void begin_phase(const Phase&, const Tick&) override {}
  std::int64_t n_items() const override { return 400; }
  ChunkLoss chunk_loss(const Chunk& chunk) const override {
    const Tensor x = x_.index_select(0, torch::tensor(chunk.own_items()));
    const Tensor sum = torch::binary_cross_entropy_with_logits(
        net_->forward(x), x.gt(0).to(x), {}, {}, at::Reduction::Sum);
    return {{sum}, sum.detach(), torch::full({}, chunk.n).to(x), {}};
  }
  std::int64_t n_validation() const override { return 100; }
  std::vector<double> score(std::int64_t first, std::int64_t n,
                            const Tick&) const override {
    const Tensor z = net_->forward(x_.narrow(0, 400 + first, n)).detach();
    return {z.data_ptr<float>(), z.data_ptr<float>() + n};
  }
  Evaluation validate(const std::vector<double>& score) const override {
    const Tensor y = x_.narrow(0, 400, 100).gt(0).to(x_);
    const float* label = y.data_ptr<float>();
    return evaluate_scores(score, {label, label + 100},
                           std::vector<std::uint8_t>(100, 1));
  }
  mutable Linear net_{1, 1};

 private:
  Tensor x_ = torch::linspace(0, 300, 500).sin().unsqueeze(1);
  std::vector<Phase> phases_;
};

/// History and weight of a training that ends with epoch `last`.
std::pair<TrainOutcome, Tensor> run(const std::string& file, int last = 60,
                                    const Phase& phase = of_auprc()) {
  Logistic learner(phase);
  const EventSink sink = [last](const TrainEvent& event) {
    return event.kind != TrainEvent::Kind::epoch || event.epoch < last;
  };
  auto outcome = train(&learner, {sink, 1, 100, 1.0, 2, file});
  return {outcome, learner.net_->weight.detach().clone()};
}

/// Removed at the end of the test.
struct CheckpointFile {
  CheckpointFile() { std::filesystem::remove(path); }
  ~CheckpointFile() { std::filesystem::remove(path); }
  const std::string path = testing::TempDir() + "musl-learner.checkpoint";
};

TEST(Learner, StopsEarlyAndResumesToTheSameBits) {
  const auto [whole, weight] = run("");
  EXPECT_LT(whole.history.size(), 30U);  // no better than 1: patience ends it
  EXPECT_EQ(whole.history.back().valid_auroc, 1);
  const CheckpointFile file;
  EXPECT_TRUE(run(file.path, 3).first.cancelled);
  EXPECT_TRUE(torch::equal(run(file.path).second, weight));
}

TEST(Learner, HalvesItsRateOnAPlateauAlsoAfterACheckpoint) {
  Phase phase = of_auprc();
  phase.schedule = "plateau";
  phase.plateau = 2;
  const auto [whole, weight] = run("", 60, phase);
  const auto& history = whole.history;
  int best = 1;
  for (int i = 1; i < static_cast<int>(history.size()); ++i) {
    const auto& record = history[static_cast<std::size_t>(i)];
    const int since = std::max(record.epoch - 1 - best, 0);
    EXPECT_EQ(record.learning_rate, 0.05 / (1 << (since / 2))) << i;
    if (record.valid_auroc >
        history[static_cast<std::size_t>(best)].valid_auroc) {
      ASSERT_LT(since, 2);  // or counting the halvings would be harder
      best = i;
    }
  }
  EXPECT_EQ(history.back().learning_rate, 0.05 / 4);  // patience is 5
  const CheckpointFile file;
  const int cut = static_cast<int>(history.size()) - 3;
  EXPECT_TRUE(run(file.path, cut, phase).first.cancelled);
  const auto [resumed, again] = run(file.path, 60, phase);
  EXPECT_TRUE(torch::equal(again, weight));
  EXPECT_EQ(resumed.history.back().learning_rate, 0.05 / 4);
}

}  // namespace
}  // namespace musl::nn
