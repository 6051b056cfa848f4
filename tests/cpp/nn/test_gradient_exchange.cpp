#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "musl/error.h"
#include "nn/train/gradient_exchange.h"
#include "training_bench.h"
#include "two_ranks.h"

namespace musl::nn {
namespace {

using test::as_two;
using test::expect_none;
using test::MeetingPlace;
using test::small_architecture;
using test::small_control;

class Exchange : public test::InGroup {};

/// The gradient of one batch, dropout included.
BatchResult gradient_of(const ArchitectureConfig& arch, int phase_index,
                        GradientExchange* exchange) {
  ControlConfig control = small_control();
  control.strategy = phase_index < 0 ? "joint" : "branches";
  const test::TrainingBench bench(arch, control);
  // Of "joint" the last phase, which trains what is fused.
  const auto phase = phase_index < 0 ? bench.learner()->phases().size() - 1
                                     : static_cast<std::size_t>(phase_index);
  return bench.gradient(phase, /*seed=*/7, /*threads=*/1, nullptr, exchange);
}

void expect_close(const BatchResult& together, const BatchResult& alone) {
  EXPECT_EQ(together.counted, alone.counted);
  EXPECT_NEAR(together.objective, alone.objective, 1e-6 * alone.objective);
  EXPECT_NEAR(together.monitored, alone.monitored, 1e-6 * alone.monitored);
  for (std::size_t i = 0; i < alone.gradients.size(); ++i) {
    const Tensor& found = together.gradients[i];
    const Tensor expected = alone.gradients[i].defined()
                                ? alone.gradients[i]
                                : torch::zeros_like(found);
    const double largest = expected.abs().max().item<double>();
    EXPECT_LE((found - expected).abs().max().item<double>(), 1e-6 * largest);
  }
}

TEST_F(Exchange, TwoProcessesFindTheGradientOfOne) {
  ArchitectureConfig arch = small_architecture();
  arch.encoders = {"histogram", "descriptors", "genes", "graph", "partners"};
  for (const std::string graph_net : {"sign", "gcn"}) {
    arch.graph_net = graph_net;
    arch.edge_dropout = graph_net == "gcn" ? 0.2 : 0;
    // All at once; the branch of the gene vectors; the fusion alone.
    for (const int phase : {-1, 3, 5}) {
      const MeetingPlace place;
      std::array<BatchResult, 2> found;
      expect_none(as_two([&](int rank) {
        const auto exchange = join_group(place.of(rank), torch::kCPU);
        found[static_cast<std::size_t>(rank)] =
            gradient_of(arch, phase, exchange.get());
      }));
      expect_close(found[0], gradient_of(arch, phase, nullptr));
      for (std::size_t i = 0; i < found[0].gradients.size(); ++i) {
        EXPECT_TRUE(torch::equal(found[0].gradients[i], found[1].gradients[i]));
      }
    }
  }
}

TEST_F(Exchange, OneThatWaitsInVainGivesUpOrIsInterrupted) {
  EXPECT_THROW((void)join_group(place_.of(0, 2, 0.2), torch::kCPU),
               DeviceError);
  EXPECT_THROW(
      (void)join_group(place_.of(0), torch::kCPU, [] { return false; }),
      CancelledError);
}

TEST(JoinGroup, OfOneIsNoGroup) {
  EXPECT_EQ(join_group({}, torch::kCPU), nullptr);
}

TEST(JoinGroup, NamesTheBackendThatThisBuildLacks) {
  const auto backends = group_backends();
  for (const std::string name : {"gloo", "nccl"}) {
    if (std::find(backends.begin(), backends.end(), name) != backends.end()) {
      continue;
    }
    try {
      (void)join_group({0, 2, "/nowhere", name, 1}, torch::kCPU);
      FAIL() << "joined over " << name;
    } catch (const DeviceError& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("over " + name), std::string::npos) << text;
    }
  }
}

/// One of `size` that adds up nothing.
class Place final : public GradientExchange {
 public:
  Place(int rank, int size) : rank_(rank), size_(size) {}
  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }
  void sum(Tensor*) override {}

 private:
  int rank_, size_;
};

TEST(ShareOf, GivesEachItemToOneProcess) {
  for (const std::int64_t n : {0, 1, 2, 7, 8}) {
    for (const int size : {1, 2, 3, 8}) {
      std::int64_t next = 0;
      for (int rank = 0; rank < size; ++rank) {
        const Place place(rank, size);
        const Share share = share_of(n, &place);
        EXPECT_EQ(share.first, next);
        EXPECT_GE(share.size(), n / size);
        EXPECT_LE(share.size(), (n + size - 1) / size);
        next = share.last;
      }
      EXPECT_EQ(next, n);
    }
    EXPECT_EQ(share_of(n, nullptr).size(), n);
  }
}

}  // namespace
}  // namespace musl::nn
