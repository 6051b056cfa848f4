#include <cmath>

#include "encoder_fixture.h"
#include "gradient_check.h"
#include "nn/base/sparse_product.h"

namespace musl::nn {
namespace {

using test::dense;
using test::expect_gradients;
using test::normal;
using test::ring;
using test::same_bits;

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

TEST(SparseProduct, DropsBothDirectionsOfAnEdgeAndKeepsTheDiagonal) {
  const auto matrix = to_symmetric(ring(700), torch::kCPU);
  ChunkRng rng(1);
  const auto before = dense(matrix);
  const auto after = dense(drop_edges(matrix, 0.25, &rng));
  EXPECT_TRUE(same_bits(after, after.t().contiguous()));
  EXPECT_TRUE(same_bits(after.diagonal(), before.diagonal()));
  const auto kept = (after != 0).sum().item<double>() - 700;
  const auto edges = (before != 0).sum().item<double>() - 700;
  // 5 standard deviations of a binomial over edges / 2 draws.
  EXPECT_NEAR(kept / edges, 0.75, 5 * std::sqrt(0.75 * 0.25 / (edges / 2)));
  EXPECT_NEAR(after.max().item<double>(),
              before.triu(1).max().item<double>() / 0.75, 1e-6);
  EXPECT_TRUE(same_bits(before, dense(drop_edges(matrix, 0.25, nullptr))));
}

}  // namespace
}  // namespace musl::nn
