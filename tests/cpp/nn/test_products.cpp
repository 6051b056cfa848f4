#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <cmath>
#include <vector>

#include "encoder_fixture.h"
#include "gradient_check.h"
#include "nn/base/products.h"
#include "nn/base/sparse_product.h"

namespace musl::nn {
namespace {

using fixture::dense;
using fixture::expect_gradients;
using fixture::normal;
using fixture::ring;
using fixture::same_bits;

Tensor waves(std::vector<std::int64_t> sizes, double step) {
  std::int64_t n = 1;
  for (const auto size : sizes) n *= size;
  return torch::sin(torch::arange(n, torch::kFloat64) * step).reshape(sizes);
}

/// Whether float `found` is `expected`, computed in double precision from
/// numbers of at most 1 in sums of `terms`.
bool is_near(const Tensor& found, const Tensor& expected, double terms) {
  return found.sizes() == expected.sizes() &&
         torch::allclose(found.to(torch::kFloat64), expected, 0,
                         2e-7 * terms + 1e-12);
}

struct ProductShape {
  std::int64_t m, k, n;
};

constexpr ProductShape kShapes[] = {{1, 1, 1},  {1, 7, 5},    {5, 7, 1},
                                    {6, 1, 4},  {33, 65, 17}, {200, 130, 64},
                                    {128, 3, 2}};

TEST(Products, AreThoseOfDoublePrecisionForEveryLayout) {
  for (const auto& [m, k, n] : kShapes) {
    const auto a = waves({m, k}, 1.7), b = waves({k, n}, 0.9);
    const auto expected = torch::matmul(a, b);
    const auto left = a.to(torch::kFloat), right = b.to(torch::kFloat);
    const auto turned = [](const Tensor& x) { return x.t().contiguous().t(); };
    // Columns of a wider table, and every second column of one.
    const auto part = [](const Tensor& x) {
      return torch::cat({x, x, x}, 1).narrow(1, x.size(1), x.size(1));
    };
    const auto apart = [](const Tensor& x) {
      return torch::stack({x, x}, 2).select(2, 1);
    };
    const auto k_terms = static_cast<double>(k);
    for (const auto& x : {left, turned(left), part(left), apart(left)}) {
      for (const auto& y : {right, turned(right), part(right), apart(right)}) {
        EXPECT_TRUE(is_near(product(x, y), expected, k_terms))
            << m << " " << k << " " << n;
      }
    }
  }
}

TEST(Products, KeepDoublePrecisionAndEmptyMatrices) {
  const auto a = waves({9, 4}, 1.1), b = waves({4, 3}, 0.7);
  EXPECT_TRUE(torch::equal(product(a, b), torch::mm(a, b)));
  const auto none = product(torch::ones({0, 4}), torch::ones({4, 3}));
  EXPECT_EQ(none.sizes(), (std::vector<std::int64_t>{0, 3}));
  const auto zeros = product(torch::ones({2, 0}), torch::ones({0, 3}));
  EXPECT_TRUE(torch::equal(zeros, torch::zeros({2, 3})));
}

TEST(Products, AffineIsThatOfLibTorch) {
  for (const bool with_bias : {true, false}) {
    for (const auto& sizes :
         {std::vector<std::int64_t>{21, 40}, {3, 7, 40}, {1, 40}, {0, 40}}) {
      const auto x = waves(sizes, 1.3), weight = waves({18, 40}, 0.4);
      const auto bias = with_bias ? waves({18}, 2.1) : Tensor();
      const auto to_float = [](const Tensor& y) {
        return y.defined() ? y.to(torch::kFloat) : y;
      };
      const auto given = to_float(bias);
      const auto before = with_bias ? given.clone() : Tensor();
      const auto found = affine(to_float(x), to_float(weight), given);
      EXPECT_TRUE(is_near(found, torch::linear(x, weight, bias), 41));
      if (with_bias) EXPECT_TRUE(torch::equal(given, before));
    }
  }
}

TEST(Products, GradientsAreThoseOfLibTorch) {
  for (const bool with_bias : {true, false}) {
    for (const bool of_x : {true, false}) {
      const auto gradients = [&](torch::ScalarType type, bool ours) {
        auto x = waves({11, 6}, 1.3).to(type).requires_grad_(of_x);
        auto whole = waves({5, 9}, 0.4).to(type).requires_grad_();
        auto bias = waves({5}, 2.1).to(type).requires_grad_();
        const auto weight = whole.narrow(1, 0, 6);
        const auto shift = with_bias ? bias : Tensor();
        const auto y =
            ours ? affine(x, weight, shift) : torch::linear(x, weight, shift);
        (y * waves({11, 5}, 0.6).to(type)).sum().backward();
        return std::vector<Tensor>{x.grad(), whole.grad(), bias.grad()};
      };
      const auto expected = gradients(torch::kFloat64, /*ours=*/false);
      const auto found = gradients(torch::kFloat, /*ours=*/true);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(found[i].defined(), expected[i].defined());
        if (found[i].defined()) {
          EXPECT_TRUE(is_near(found[i], expected[i], 11));
        }
      }
    }
  }
}

TEST(Products, HaveTheSameBitsAgain) {
  const auto a = waves({150, 90}, 1.7).to(torch::kFloat);
  const auto b = waves({90, 70}, 0.9).to(torch::kFloat);
  const auto first = product(a, b);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(torch::equal(product(a, b), first));
}

TEST(SparseProduct, AgreesWithTheDenseProduct) {
  const auto matrix = to_symmetric(ring(700), torch::kCPU);
  const auto x = normal({700, 5}, 1);
  EXPECT_TRUE(torch::allclose(sparse_product(matrix, x, 2),
                              torch::mm(dense(matrix), x), 1e-12, 1e-12));
}

TEST(SparseProduct, GivesTheSameBitsForAnyNumberOfThreads) {
  const auto matrix = to_symmetric(ring(700), torch::kCPU);
  const auto x = normal({700, 5}, 1).to(torch::kFloat);
  EXPECT_TRUE(
      same_bits(sparse_product(matrix, x, 1), sparse_product(matrix, x, 3)));
}

TEST(SparseProduct, HasTheGradientOfFiniteDifferences) {
  const auto matrix = to_symmetric(ring(12), torch::kCPU);
  auto x = normal({12, 3}, 1).requires_grad_();
  const auto read = normal({12, 3}, 2);
  expect_gradients(
      [&] { return (sparse_product(matrix, x, 1).square() * read).sum(); },
      {{"x", x}});
}

}  // namespace
}  // namespace musl::nn
