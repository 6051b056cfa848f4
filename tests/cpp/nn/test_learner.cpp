// A family of its own, by the one training loop.
#include <gtest/gtest.h>

#include "nn/train/trainer.h"
#include "two_ranks.h"

namespace musl::nn {
namespace {

Phase of_auroc() {
  Phase phase{"fit", {}, {"weight", "bias"}, {{"bce", ""}}, "", "auroc", 60, 5};
  phase.learning_rate = 0.05;
  return phase;
}

/// y = 1 where x > 0, by a weight and a bias.
struct Logistic : Learner {
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
  std::vector<Phase> phases_{of_auroc()};
};

/// History and weight of a training that ends with epoch `last`.
std::pair<TrainOutcome, Tensor> run(const std::string& file, int last = 60,
                                    GradientExchange* exchange = nullptr) {
  Logistic learner;
  const EventSink sink = [last](const TrainEvent& event) {
    return event.kind != TrainEvent::Kind::epoch || event.epoch < last;
  };
  auto outcome = train(&learner, {sink, 1, 100, 1.0, 2, file, exchange});
  return {outcome, learner.net_->weight.detach().clone()};
}

TEST(Learner, StopsEarlyAndResumesToTheSameBits) {
  const auto [whole, weight] = run("");
  EXPECT_LT(whole.history.size(), 30U);  // no better than 1: patience ends it
  EXPECT_EQ(whole.history.back().valid_auroc, 1);
  const test::MeetingPlace place;
  EXPECT_TRUE(run(place.of(0).rendezvous, 3).first.cancelled);
  EXPECT_TRUE(torch::equal(run(place.of(0).rendezvous).second, weight));
}

TEST(Learner, TrainsInTwoProcesses) {
  if (!test::has_gloo()) return;
  const auto found = test::as_two_processes([](const GroupConfig& group) {
    const auto exchange = join_group(group, torch::kCPU);
    return run("", 60, exchange.get()).second.item<float>();
  });
  EXPECT_EQ(found[0], found[1]);
  EXPECT_NEAR(found[0], run("").second.item<float>(), 1e-4);
}

}  // namespace
}  // namespace musl::nn
