#include <cmath>
#include <thread>
#include <vector>

#include "gradient_check.h"
#include "nn/base/tensor.h"
#include "nn/learn/musl_learner.h"

namespace musl::nn {
namespace {

using fixture::normal;
using fixture::same_bits;

TEST(Dropout, KeepsTheStatedShareAndTheMean) {
  const auto x = torch::ones({100000});
  ChunkRng rng(3);
  const auto y = dropout(x, 0.2, &rng);
  const auto kept = (y != 0).to(torch::kDouble).mean().item<double>();
  // 5 standard deviations of a binomial share.
  EXPECT_NEAR(kept, 0.8, 5 * std::sqrt(0.8 * 0.2 / 100000));
  EXPECT_FLOAT_EQ(y.max().item<float>(), 1.25F);
  // Neighbours, which share a word of the generator, are independent.
  const auto pairs = (y != 0).to(torch::kDouble).view({-1, 2});
  const auto both = pairs.prod(1).mean().item<double>();
  EXPECT_NEAR(both, 0.64, 5 * std::sqrt(0.64 * 0.36 / 50000));
}

TEST(Dropout, IsTheIdentityInEvaluationAndAtZero) {
  const auto x = normal({10}, 1);
  ChunkRng rng(3);
  EXPECT_TRUE(same_bits(dropout(x, 0.5, nullptr), x));
  EXPECT_TRUE(same_bits(dropout(x, 0.0, &rng), x));
  EXPECT_EQ(dropout(x, 1.0, &rng).abs().max().item<double>(), 0.0);
}

TEST(Dropout, DependsOnTheSeedAlone) {
  const auto x = torch::ones({1000});
  ChunkRng here(7);
  const auto expected = dropout(x, 0.5, &here);
  torch::manual_seed(99);
  Tensor there;
  std::thread worker([&] {
    ChunkRng rng(7);
    there = dropout(x, 0.5, &rng);
  });
  worker.join();
  EXPECT_TRUE(same_bits(expected, there));
  ChunkRng other(8);
  EXPECT_FALSE(same_bits(expected, dropout(x, 0.5, &other)));
}

TEST(Matrix, SurvivesTheWayThroughATensor) {
  Matrix matrix(2, 3);
  matrix << 1, 2, 3, 4, 5, 6;
  const auto tensor = to_tensor(matrix);
  EXPECT_EQ(tensor[1][0].item<float>(), 4.0F);
  EXPECT_EQ(to_matrix(tensor), matrix);
  EXPECT_EQ(to_matrix(tensor.t()), matrix.transpose());
  EXPECT_EQ(to_tensor(Matrix(0, 3)).size(1), 3);
}

TEST(HideSeen, ShowsBothOneAndNoneOfTheGenesOfAThirdOfThePairsEach) {
  constexpr std::int64_t kDraws = 6000;
  ChunkRng rng(3);
  const auto shown = hide_seen(torch::ones({kDraws, 2}), &rng);  // (draws, 2)
  const auto kind = shown.select(1, 0) * 2 + shown.select(1, 1);
  const std::vector<double> share{1.0 / 3, 1.0 / 6, 1.0 / 6, 1.0 / 3};
  for (std::int64_t k = 0; k < 4; ++k) {
    const double p = share[static_cast<std::size_t>(k)];
    const auto n = (kind == k).sum().item<double>();
    // 5 standard deviations of a binomial share.
    EXPECT_NEAR(n / kDraws, p, 5 * std::sqrt(p * (1 - p) / kDraws)) << k;
  }
  EXPECT_EQ(hide_seen(torch::zeros({64, 2}), &rng).sum().item<double>(), 0);
}

}  // namespace
}  // namespace musl::nn
