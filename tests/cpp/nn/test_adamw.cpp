// The optimiser and its learning rates.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "io/archive.h"
#include "nn/base/adamw.h"

namespace musl::nn {
namespace {

TEST(OneCycle, RisesFromATwentyFifthToThePeakAndFallsToATenThousandth) {
  EXPECT_DOUBLE_EQ(one_cycle(0, 100, 1e-3, 0.15), 1e-3 / 25);
  EXPECT_DOUBLE_EQ(one_cycle(14, 100, 1e-3, 0.15), 1e-3);
  EXPECT_DOUBLE_EQ(one_cycle(7, 100, 1e-3, 0.15), (1e-3 / 25 + 1e-3) / 2);
  EXPECT_DOUBLE_EQ(one_cycle(99, 100, 1e-3, 0.15), 1e-7);
  for (int t = 15; t < 100; ++t) {
    EXPECT_LT(one_cycle(t, 100, 1e-3, 0.15), one_cycle(t - 1, 100, 1e-3, 0.15));
  }
}

TEST(OneCycle, IsAtThePeakWhereThereIsNoRoomToMove) {
  EXPECT_DOUBLE_EQ(one_cycle(0, 1, 0.1, 0.15), 0.1);
  EXPECT_DOUBLE_EQ(one_cycle(0, 10, 0.1, 0.0), 0.1);
}

TEST(AdamW, FollowsThePublishedRecursion) {
  Tensor matrix = torch::full({1, 1}, 2.0f).set_requires_grad(true);
  Tensor vector = torch::full({1}, 2.0f).set_requires_grad(true);
  AdamW optimiser({"matrix", "vector"}, {matrix, vector}, 0.1);
  double m = 0, v = 0, with_decay = 2, without = 2;
  const double rate = 0.05;
  const std::vector<double> gradients = {0.5, -1.0, 0.25};
  for (std::size_t t = 1; t <= gradients.size(); ++t) {
    const double g = gradients[t - 1];
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const double n = static_cast<double>(t);
    const double update = rate * (m / (1 - std::pow(0.9, n))) /
                          (std::sqrt(v / (1 - std::pow(0.999, n))) + 1e-8);
    with_decay = with_decay * (1 - rate * 0.1) - update;
    without -= update;
    optimiser.step({torch::full({1, 1}, g), torch::full({1}, g)}, rate);
  }
  EXPECT_NEAR(matrix.item<double>(), with_decay, 1e-6);
  EXPECT_NEAR(vector.item<double>(), without, 1e-6);
}

TEST(AdamW, GoesOnFromItsSavedState) {
  const auto run = [](bool save_between) {
    Tensor x = torch::ones({2, 2}).set_requires_grad(true);
    auto optimiser = std::make_unique<AdamW>(std::vector<std::string>{"x"},
                                             std::vector<Tensor>{x}, 0.01);
    optimiser->step({torch::full({2, 2}, 0.3f)}, 0.1);
    if (save_between) {
      Archive archive;
      optimiser->save("o/", &archive);
      optimiser = std::make_unique<AdamW>(std::vector<std::string>{"x"},
                                          std::vector<Tensor>{x}, 0.01);
      optimiser->load("o/", archive);
    }
    optimiser->step({Tensor()}, 0.1);  // an undefined gradient is zero
    return x.detach().clone();
  };
  EXPECT_TRUE(torch::equal(run(false), run(true)));
}

TEST(AdamW, StepsLargeParametersAsThoseOfOtherTypes) {
  const auto run = [](torch::ScalarType type, int threads) {
    const Tensor start = torch::linspace(-3, 3, 300 * 301).view({300, 301});
    const Tensor gradient = (7 * start).sin();
    Tensor x = start.to(type).clone();
    Tensor turned = start.t().to(type).clone().t();  // not in one piece
    AdamW optimiser({"x", "turned"}, {x, turned}, 0.1);
    for (const double factor : {1.0, -0.5, 2.0}) {
      const Tensor g = (gradient * factor).to(type);
      optimiser.step({g, g}, 0.05, threads);
    }
    return std::make_pair(x, turned.contiguous());
  };
  const auto [expected, also] = run(torch::kFloat64, 1);  // by LibTorch
  EXPECT_TRUE(torch::equal(expected, also));
  for (const int threads : {1, 3}) {
    const auto [found, turned] = run(torch::kFloat32, threads);
    EXPECT_LT((found - expected).abs().max().item<double>(), 1e-5);
    EXPECT_LT((turned - expected).abs().max().item<double>(), 1e-5);
  }
  EXPECT_TRUE(torch::equal(run(torch::kFloat32, 1).first,
                           run(torch::kFloat32, 3).first));
}

}  // namespace
}  // namespace musl::nn
