#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <limits>
#include <vector>

#include "nn/base/layers.h"
#include "nn/base/row_steps.h"
#include "nn/base/unit_projection.h"

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

/// The same by LibTorch's own functions.
Tensor expected_projections(const std::vector<Tensor>& x,
                            const std::vector<Tensor>& weight) {
  std::vector<Tensor> parts;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto y = torch::matmul(x[i], weight[i].t());
    const auto length = ((y * y).sum(1, true) + 1e-6).sqrt();
    parts.push_back(y / length);
  }
  return torch::cat(parts, 1);
}

struct Given {
  std::vector<Tensor> x, weight;

  [[nodiscard]] std::vector<Tensor> all() const {
    auto both = x;
    both.insert(both.end(), weight.begin(), weight.end());
    return both;
  }
};

/// Blocks of four and six columns, slices of a table with a row of zeros.
Given make_given(torch::ScalarType type) {
  const auto options = torch::TensorOptions(type);
  const auto table =
      torch::sin(torch::arange(70, options) * 1.7).reshape({7, 10});
  table[3].zero_();
  const auto weight = torch::cos(torch::arange(35, options) * 0.9);
  Given given;
  given.x = {table.narrow(1, 0, 4), table.narrow(1, 4, 6)};
  given.weight = {weight.narrow(0, 0, 12).reshape({3, 4}).clone(),
                  weight.narrow(0, 12, 18).reshape({3, 6}).clone()};
  return given;
}

TEST(UnitProjection, IsThatOfPlainFunctions) {
  for (const auto type : {torch::kFloat32, torch::kFloat64}) {
    const Given given = make_given(type);
    const auto found = unit_projections(given.x, given.weight);
    const auto expected = expected_projections(given.x, given.weight);
    const double tolerance = type == torch::kFloat32 ? 1e-6 : 1e-14;
    EXPECT_TRUE(torch::allclose(found, expected, 0, tolerance));
    EXPECT_EQ(found[3].abs().sum().item<double>(), 0);
  }
}

TEST(UnitProjection, GradientIsThatOfPlainFunctions) {
  Given given = make_given(torch::kFloat64);
  for (auto& x : given.x) x = x.clone().requires_grad_();
  for (auto& weight : given.weight) weight.requires_grad_();
  const auto asked =
      torch::linspace(-1, 1, 42, torch::kFloat64).reshape({7, 6});
  const auto gradients = [&](const Tensor& out) {
    return torch::autograd::grad({out}, given.all(), {asked});
  };
  const auto found = gradients(unit_projections(given.x, given.weight));
  const auto expected = gradients(expected_projections(given.x, given.weight));
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_TRUE(torch::allclose(found[i], expected[i], 1e-10, 1e-12)) << i;
  }
}

TEST(UnitProjection, InputsMayBeFixed) {
  Given given = make_given(torch::kFloat32);
  for (auto& weight : given.weight) weight.requires_grad_();
  const auto sum = unit_projections(given.x, given.weight).square().sum();
  const auto found = torch::autograd::grad({sum}, given.weight);
  EXPECT_EQ(found[1].sizes(), given.weight[1].sizes());
}

}  // namespace
}  // namespace musl::nn
