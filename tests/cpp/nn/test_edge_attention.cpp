#include <torch/csrc/autograd/autograd.h>

#include "gradient_check.h"
#include "nn/base/tensor.h"
#include "nn/muse/edge_attention.h"

namespace musl::nn {
namespace {

using fixture::expect_gradients;
using fixture::normal;

/// Five nodes: several edges, one, none, one to itself.
struct SmallGraph {
  EdgeHeads sizes{2, 8, 16};
  Tensor offset = torch::tensor({0, 3, 4, 4, 6, 7}, torch::kLong);
  Tensor neighbour = torch::tensor({1, 2, 4, 0, 3, 3, 1}, torch::kLong);
  Tensor rows = normal({5, 2 * (3 * 8 + 16)}, 1);
  Tensor edges = normal({7, 16}, 2);
};

TEST(EdgeAttention, AgreesWithThatOfPaddedPlaces) {
  SmallGraph g;
  g.rows.requires_grad_();
  const auto read = normal({5, 48}, 3);
  const auto ours =
      edge_attention(g.sizes, g.rows, g.edges, g.offset, g.neighbour);
  const auto theirs =
      attend_padded(g.sizes, g.rows, g.edges, g.offset, g.neighbour);
  EXPECT_TRUE(torch::allclose(ours, theirs, 1e-12, 1e-12));
  EXPECT_EQ(ours[2].abs().sum().item<double>(), 0.0);
  const auto gradient = [&](const Tensor& out) {
    return torch::autograd::grad({(out * read).sum()}, {g.rows})[0];
  };
  EXPECT_TRUE(torch::allclose(gradient(ours), gradient(theirs), 1e-12, 1e-12));
}

TEST(EdgeAttention, IsWrittenOutForOneHead) {
  // Two edges whose scores are 0 and ln 3: weights 1/4 and 3/4.
  const EdgeHeads sizes{1, 8, 8};
  auto rows = torch::zeros({3, 32}, torch::kDouble);
  rows[0][0] = std::log(3.0) * std::sqrt(8.0);  // query of node 0
  rows[2][8] = 1.0;                             // key of node 2
  rows[1][16] = 4.0;                            // value of node 1
  rows[2][16] = 8.0;                            // value of node 2
  auto edges = torch::zeros({2, 8}, torch::kDouble);
  edges[1][5] = 2.0;
  const auto out = edge_attention(sizes, rows, edges,
                                  torch::tensor({0, 2, 2, 2}, torch::kLong),
                                  torch::tensor({1, 2}, torch::kLong));
  EXPECT_NEAR(out[0][0].item<double>(), 7.0, 1e-12);
  EXPECT_NEAR(out[0][8 + 5].item<double>(), 1.5, 1e-12);
}

TEST(EdgeAttention, HasTheGradientOfFiniteDifferences) {
  SmallGraph g;
  g.rows.requires_grad_();
  const auto read = normal({5, 48}, 3);
  expect_gradients(
      [&] {
        return (edge_attention(g.sizes, g.rows, g.edges, g.offset, g.neighbour)
                    .square() *
                read)
            .sum();
      },
      {{"rows", g.rows}});
}

TEST(EdgeAttention, FloatsAreCloseToDoubles) {
  SmallGraph g;
  const auto exact =
      edge_attention(g.sizes, g.rows, g.edges, g.offset, g.neighbour);
  const auto ours =
      edge_attention(g.sizes, g.rows.to(torch::kFloat),
                     g.edges.to(torch::kFloat), g.offset, g.neighbour);
  EXPECT_TRUE(torch::allclose(ours.to(torch::kDouble), exact, 1e-5, 1e-5));
}

}  // namespace
}  // namespace musl::nn
