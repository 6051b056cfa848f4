#include <gtest/gtest.h>
#include <torch/torch.h>

#include "nn/kernels/map_stage.h"
#include "nn/kernels/wide_stage.h"
#include "nn/kernels/winograd_stage.h"

namespace musl::nn {
namespace {

/// One after the other, in double precision.
Tensor slow_stage(const Tensor& maps, const Tensor& weight,
                  const Tensor& bias) {
  const auto wide =
      torch::conv2d(maps.to(torch::kFloat64), weight.to(torch::kFloat64),
                    bias.to(torch::kFloat64), /*stride=*/1, /*padding=*/1);
  return torch::avg_pool2d(wide.relu(), 2);
}

using Stage = Tensor (*)(const Tensor&, const Tensor&, const Tensor&, Tensor*);
using HasStage = bool (*)(const Tensor&, const Tensor&);

/// Three random maps through the stage and through slow_stage().
void expect_stage(HasStage has_stage, Stage stage, int channels, int side,
                  int width, double tolerance) {
  const auto maps = torch::rand({3, channels, side, side});
  const auto weight = torch::randn({width, channels, 3, 3});
  const auto bias = torch::randn({width});
  ASSERT_TRUE(has_stage(maps, weight));
  const auto got = stage(maps, weight, bias, /*silent=*/nullptr);
  const auto expected = slow_stage(maps, weight, bias);
  ASSERT_EQ(got.sizes(), expected.sizes());
  EXPECT_LT((got.to(torch::kFloat64) - expected).abs().max().item<double>(),
            tolerance);
}

TEST(MapStage, IsConvolutionReluAndMeanOfTwoByTwo) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  for (const int channels : {1, 2, 6}) {
    for (const int side : {8, 10, 32}) {
      for (const int width : {16, 48}) {
        // Sums of at most 55 products of about 1 in single precision.
        expect_stage(has_map_stage, map_stage, channels, side, width, 1e-5);
      }
    }
  }
}

TEST(WinogradStage, IsConvolutionReluAndMeanOfTwoByTwo) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(3);
  for (const int channels : {16, 32}) {
    for (const int side : {2, 8, 10, 16}) {
      for (const int width : {16, 32, 48}) {
        // Sums of 300 terms of about 1 with rounding of 1e-7 each.
        expect_stage(has_winograd_stage, winograd_stage, channels, side, width,
                     1e-4);
      }
    }
  }
}

TEST(WideStage, IsConvolutionReluAndMeanOfTwoByTwo) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(4);
  for (const int channels : {16, 32}) {
    for (const int side : {4, 8, 12, 16}) {
      for (const int width : {16, 32, 48}) {
        expect_stage(has_wide_stage, wide_stage, channels, side, width, 1e-4);
      }
    }
  }
}

TEST(WideStage, MarksTheSilentPixelsThatNarrowTilesMark) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(5);
  for (const int side : {4, 8, 12, 16}) {
    // Sums of whole numbers and a half are never near 0.
    const auto maps =
        torch::randint(-4, 5, {24, 16, side, side}).to(torch::kFloat32);
    const auto weight =
        torch::randint(-4, 5, {16, 16, 3, 3}).to(torch::kFloat32);
    const auto bias = torch::full({16}, 0.5);
    Tensor wide, narrow;
    wide_stage(maps, weight, bias, &wide);
    winograd_stage(maps, weight, bias, &narrow);
    EXPECT_TRUE(torch::equal(wide, narrow)) << side;
  }
}

TEST(WideStage, FollowsWeightsThatChangeAndReturn) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(6);
  const auto maps = torch::rand({2, 16, 8, 8});
  const auto first = torch::randn({32, 16, 3, 3});
  auto weight = first.clone();
  const auto bias = torch::randn({32});
  const auto of_first = wide_stage(maps, weight, bias);
  for (int change = 0; change < 6; ++change) {
    weight.add_(0.01 * (change + 1));  // in place
    const auto got = wide_stage(maps, weight, bias).to(torch::kFloat64);
    const auto off = (got - slow_stage(maps, weight, bias)).abs().max();
    EXPECT_LT(off.item<double>(), 1e-4) << change;
  }
  EXPECT_TRUE(torch::equal(wide_stage(maps, first, bias), of_first));
}

TEST(WideStage, LeavesOtherSidesAndFewChannelsToOthers) {
  const auto maps = torch::rand({2, 16, 8, 8});
  const auto weight = torch::randn({16, 16, 3, 3});
  EXPECT_TRUE(has_wide_stage(maps, weight));
  EXPECT_FALSE(has_wide_stage(maps.narrow(1, 0, 2), weight));
  EXPECT_FALSE(has_wide_stage(torch::rand({2, 16, 10, 10}), weight));
  EXPECT_EQ(
      wide_stage(maps.narrow(0, 0, 0), weight, torch::zeros({16})).size(0), 0);
}

TEST(WinogradStage, LeavesFewChannelsToOthers) {
  const auto maps = torch::rand({2, 16, 8, 8});
  const auto weight = torch::randn({16, 16, 3, 3});
  EXPECT_TRUE(has_winograd_stage(maps, weight));
  EXPECT_FALSE(has_winograd_stage(maps.narrow(1, 0, 2), weight));
  EXPECT_EQ(
      winograd_stage(maps.narrow(0, 0, 0), weight, torch::zeros({16})).size(0),
      0);
}

TEST(MapStage, ReadsChannelsLastMapsAndNoneAtAll) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(2);
  const auto maps = torch::rand({4, 2, 8, 8});
  const auto weight = torch::randn({16, 2, 3, 3});
  const auto bias = torch::randn({16});
  const auto last = maps.contiguous(torch::MemoryFormat::ChannelsLast);
  EXPECT_TRUE(torch::equal(map_stage(last, weight, bias),
                           map_stage(maps, weight, bias)));
  const auto weight_last = weight.contiguous(torch::MemoryFormat::ChannelsLast);
  EXPECT_TRUE(torch::equal(map_stage(maps, weight_last, bias),
                           map_stage(maps, weight, bias)));
  EXPECT_EQ(map_stage(maps.narrow(0, 0, 0), weight, bias).size(0), 0);
}

TEST(MapStage, LeavesGradientsOfMapsAndOddSidesToLibTorch) {
  const auto maps = torch::rand({2, 2, 8, 8}).requires_grad_(true);
  const auto weight = torch::randn({16, 2, 3, 3});
  EXPECT_FALSE(has_map_stage(maps, weight));
  EXPECT_TRUE(has_map_stage(maps.detach(), weight));
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(has_map_stage(maps, weight));
  EXPECT_FALSE(has_map_stage(torch::rand({2, 2, 9, 9}), weight));
  EXPECT_FALSE(has_map_stage(maps.to(torch::kFloat64), weight));
  EXPECT_FALSE(has_map_stage(maps, torch::randn({12, 2, 3, 3})));
}

}  // namespace
}  // namespace musl::nn
