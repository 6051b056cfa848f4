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

/// x + x', for each map.
Tensor symmetrised(const Tensor& maps) { return maps + maps.transpose(2, 3); }

TEST(MapStage, OfSymmetricMapsIsTheSame) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(7);
  for (const int channels : {1, 2, 6}) {
    for (const int side : {2, 8, 10, 32}) {
      auto maps = symmetrised(torch::rand({3, channels, side, side}));
      if (side > 2) maps[1][0][0][side - 1] += 0.5;  // one is not
      const auto weight = torch::randn({32, channels, 3, 3});
      const auto bias = torch::randn({32});
      const auto got = map_stage(maps, weight, bias).to(torch::kFloat64);
      const auto off = (got - slow_stage(maps, weight, bias)).abs().max();
      EXPECT_LT(off.item<double>(), 2e-5) << channels << " of " << side;
    }
  }
}

/// Four bits a cell of the pixels that ReLU zeroes, (B, words, W).
Tensor slow_marks(const Tensor& maps, const Tensor& weight,
                  const Tensor& bias) {
  const auto wide = torch::conv2d(maps, weight, bias, 1, /*padding=*/1);
  const auto n = wide.size(0), width = wide.size(1), side = wide.size(2);
  const auto cells = side / 2 * (side / 2);
  auto out = torch::zeros({n, (cells + 7) / 8, width}, torch::kInt);
  const auto value = wide.accessor<float, 4>();
  auto marks = out.accessor<std::int32_t, 3>();
  for (std::int64_t b = 0; b < n; ++b) {
    for (std::int64_t w = 0; w < width; ++w) {
      for (std::int64_t i = 0; i < side; ++i) {
        for (std::int64_t j = 0; j < side; ++j) {
          if (value[b][w][i][j] > 0) continue;
          const auto cell = i / 2 * (side / 2) + j / 2;
          const auto bit = cell % 8 * 4 + i % 2 * 2 + j % 2;
          marks[b][cell / 8][w] |= static_cast<std::int32_t>(1U << bit);
        }
      }
    }
  }
  return out;
}

TEST(MapStage, MarksTheSilentPixelsOfSymmetricMapsAndOthers) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(8);
  for (const int side : {4, 10, 32}) {
    // Sums of whole numbers and a half are never near 0.
    auto maps = torch::randint(-4, 5, {3, 2, side, side}).to(torch::kFloat32);
    maps = torch::cat({maps, symmetrised(maps)});
    const auto weight =
        torch::randint(-4, 5, {16, 2, 3, 3}).to(torch::kFloat32);
    const auto bias = torch::full({16}, 0.5);
    Tensor marks;
    map_stage(maps, weight, bias, &marks);
    EXPECT_TRUE(torch::equal(marks, slow_marks(maps, weight, bias))) << side;
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
