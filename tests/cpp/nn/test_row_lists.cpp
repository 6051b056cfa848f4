#include <torch/csrc/autograd/autograd.h>

#include "gradient_check.h"
#include "nn/base/row_lists.h"

namespace musl::nn {
namespace {

using fixture::expect_gradients;
using fixture::normal;

const std::vector<std::int64_t> kOffset = {0, 2, 2, 5, 6};
const std::vector<std::int64_t> kColumn = {3, 1, 0, 0, 2, 3};

Tensor dense_lists() {
  auto matrix = torch::zeros({4, 5}, torch::kDouble);
  for (std::size_t row = 0; row < 4; ++row) {
    for (auto e = kOffset[row]; e < kOffset[row + 1]; ++e) {
      matrix[static_cast<std::int64_t>(row)]
            [kColumn[static_cast<std::size_t>(e)]] += 1;
    }
  }
  return matrix;
}

TEST(RowSums, AreTheProductWithTheListsAsAMatrix) {
  const auto x = normal({5, 3}, 1);
  const auto sums = sum_rows(row_lists(kOffset, kColumn, torch::kCPU), x);
  EXPECT_TRUE(torch::allclose(sums, torch::mm(dense_lists(), x), 1e-12, 1e-12));
  EXPECT_TRUE(torch::equal(sum_rows(picked_rows({4, 0, 4}, torch::kCPU), x),
                           torch::stack({x[4], x[0], x[4]})));
  EXPECT_TRUE(torch::allclose(
      mean_rows(segments({0, 2, 5}, torch::kCPU), x),
      torch::stack({x.narrow(0, 0, 2).mean(0), x.narrow(0, 2, 3).mean(0)}),
      1e-12, 1e-12));
}

TEST(RowSums, HaveTheGradientOfFiniteDifferences) {
  auto x = normal({5, 3}, 1).requires_grad_();
  const auto read = normal({4, 3}, 2);
  const auto lists = row_lists(kOffset, kColumn, torch::kCPU);
  expect_gradients([&] { return (sum_rows(lists, x).square() * read).sum(); },
                   {{"x", x}});
}

}  // namespace
}  // namespace musl::nn
