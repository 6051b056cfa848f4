#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "nn/base/layers.h"
#include "nn/base/row_steps.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kWidths[] = {1, 5, 8, 16, 17, 48, 130};
constexpr std::int64_t kRows[] = {0, 1, 7};

Tensor drawn(std::vector<std::int64_t> sizes) { return torch::randn(sizes); }

LayerNorm drawn_norm(std::int64_t width) {
  const torch::NoGradGuard no_grad;
  LayerNorm norm(width);
  norm->weight.copy_(drawn({width}));
  norm->bias.copy_(drawn({width}));
  return norm;
}

bool near(const Tensor& found, const Tensor& expected) {
  return found.sizes() == expected.sizes() &&
         torch::allclose(found, expected, 1e-4, 2e-5);
}

TEST(RowSteps, AreForScoringInSinglePrecision) {
  const Tensor x = drawn({2, 3});
  EXPECT_FALSE(has_row_steps(x));
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(has_row_steps(x));
  EXPECT_FALSE(has_row_steps(x.to(torch::kFloat64)));
  EXPECT_FALSE(has_row_steps(drawn({2, 3, 4})));
}

// The independent answers are LibTorch's layers, one operation after another.
TEST(RowSteps, NormaliseLikeLayerNorm) {
  torch::manual_seed(1);
  const torch::NoGradGuard no_grad;
  for (const auto width : kWidths) {
    const auto norm = drawn_norm(width);
    Linear score(width, 1);
    for (const auto rows : kRows) {
      const Tensor x = drawn({rows, width}), b = drawn({width});
      for (const bool relu : {false, true}) {
        auto expected = norm->forward(x + b), plain = norm->forward(x);
        if (relu) expected = torch::relu(expected), plain = torch::relu(plain);
        Tensor found = x.clone();
        normalise_rows(b, norm, relu, found);
        EXPECT_TRUE(near(found, expected)) << width << " " << rows;
        found = x.clone();
        normalise_rows({}, norm, relu, found);
        EXPECT_TRUE(near(found, plain)) << width << " " << rows;
      }
      const auto expected =
          score->forward(torch::relu(norm->forward(x))).squeeze(1);
      EXPECT_TRUE(near(normalised_score(x, norm, score), expected)) << width;
      // Columns of a wider table, as split_with_sizes() gives them.
      const auto part =
          torch::cat({b.expand_as(x), x}, 1).narrow(1, width, width);
      EXPECT_TRUE(near(normalised_score(part, norm, score), expected)) << width;
    }
  }
}

TEST(RowSteps, ComparePairsOfRows) {
  torch::manual_seed(2);
  const torch::NoGradGuard no_grad;
  for (const auto width : kWidths) {
    const auto norm = drawn_norm(width);
    for (const auto rows : kRows) {
      const auto both = drawn({rows, 2 * width});
      const auto a = both.narrow(1, 0, width), b = both.narrow(1, width, width);
      const auto shown = torch::rand({rows, 2}).round();
      for (const bool masked : {false, true}) {
        auto x = norm->forward(a), y = norm->forward(b);
        if (masked) {
          x = x * shown.narrow(1, 0, 1);
          y = y * shown.narrow(1, 1, 1);
        }
        const auto expected = torch::cat({x + y, (x - y).abs(), x * y}, 1);
        const auto found =
            normalised_pairs(a, b, norm, masked ? shown : Tensor());
        EXPECT_TRUE(near(found, expected)) << width << " " << rows;
        // Symmetric in the two, to the bit.
        const auto turned = normalised_pairs(
            b, a, norm, masked ? shown.flip(1).contiguous() : Tensor());
        EXPECT_TRUE(torch::equal(found, turned)) << width << " " << rows;
      }
    }
  }
}

TEST(RowSteps, GiveLayersTheirValuesWithAGradient) {
  torch::manual_seed(3);
  for (const bool norm : {false, true}) {
    Mlp mlp(std::vector<std::int64_t>{9, 20, 17, 3}, norm, /*dropout=*/0.5);
    Adapter adapter(9, 12);
    BranchHead head(9, /*dropout=*/0.5);
    const Tensor x = drawn({11, 9});
    const Tensor of_mlp = mlp->forward(x, nullptr),
                 of_adapter = adapter->forward(x),
                 of_head = head->forward(x, nullptr);
    const torch::NoGradGuard no_grad;
    EXPECT_TRUE(near(mlp->forward(x, nullptr), of_mlp));
    EXPECT_TRUE(near(adapter->forward(x), of_adapter));
    EXPECT_TRUE(near(head->forward(x, nullptr), of_head));
  }
}

TEST(RowSteps, KeepNotANumber) {
  const torch::NoGradGuard no_grad;
  const auto norm = drawn_norm(20);
  Linear linear(20, 20), score(20, 1);
  Tensor x = drawn({2, 20});
  x.select(0, 1).fill_(std::numeric_limits<float>::quiet_NaN());
  EXPECT_TRUE(normalised_score(x, norm, score).isnan()[1].item<bool>());
  EXPECT_TRUE(affine_relu(x, linear).isnan()[1].all().item<bool>());
  Tensor rows = x.clone();
  normalise_rows({}, norm, /*relu=*/true, rows);
  EXPECT_TRUE(rows.isnan()[1].all().item<bool>());
  EXPECT_FALSE(rows[0].isnan().any().item<bool>());
}

}  // namespace
}  // namespace musl::nn
