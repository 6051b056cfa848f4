#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <vector>

#include "nn/base/unit_projection.h"

namespace musl::nn {
namespace {

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
