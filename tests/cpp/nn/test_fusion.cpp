#include <cmath>
#include <vector>

#include "gradient_check.h"
#include "nn/nets/fusion.h"

namespace musl::nn {
namespace {

using fixture::expect_gradients;
using fixture::mask_of;
using fixture::named_parameters;
using fixture::normal;
using fixture::perturb;

const Tensor& some_present() {
  static const auto mask = mask_of(
      {{1, 1, 1}, {1, 0, 1}, {0, 1, 1}, {0, 0, 1}, {1, 1, 1}, {0, 0, 0}});
  return mask;
}

TEST(CrossAttention, WeightsSumToOneOverPresentOthers) {
  CrossAttention attention(8, 2, 0.0);
  perturb(*attention, 1);
  const auto& present = some_present();
  const auto weights = attention->weights(normal({6, 3, 8}, 2), present);
  for (std::int64_t b = 0; b < 6; ++b) {
    for (std::int64_t h = 0; h < 2; ++h) {
      for (std::int64_t i = 0; i < 3; ++i) {
        double sum = 0;
        bool any = false;
        for (std::int64_t j = 0; j < 3; ++j) {
          const auto w = weights[b][h][i][j].item<double>();
          const bool open = j != i && present[b][j].item<double>() > 0;
          if (!open) {
            EXPECT_EQ(w, 0.0);
          }
          any = any || open;
          sum += w;
        }
        EXPECT_NEAR(sum, any ? 1.0 : 0.0, 1e-12);
      }
    }
  }
}

TEST(CrossAttention, WeightsAreTheSoftmaxOfScaledProducts) {
  CrossAttention attention(4, 2, 0.0);
  perturb(*attention, 1);
  const auto x = normal({1, 3, 4}, 2);
  const auto weights =
      attention->weights(x, torch::ones({1, 3}, torch::kDouble));
  const auto named = attention->named_parameters();
  const auto apply = [&](const std::string& layer, std::int64_t m) {
    return torch::mv(named[layer + ".weight"], x[0][m]) +
           named[layer + ".bias"];
  };
  for (std::int64_t h = 0; h < 2; ++h) {
    const auto score = [&](std::int64_t i, std::int64_t j) {
      return std::exp((apply("query", i).narrow(0, 2 * h, 2) *
                       apply("key", j).narrow(0, 2 * h, 2))
                          .sum()
                          .item<double>() /
                      std::sqrt(2.0));
    };
    EXPECT_NEAR(weights[0][h][0][1].item<double>(),
                score(0, 1) / (score(0, 1) + score(0, 2)), 1e-12);
    EXPECT_NEAR(weights[0][h][2][0].item<double>(),
                score(2, 0) / (score(2, 0) + score(2, 1)), 1e-12);
  }
}

TEST(CrossAttention, AddsNothingToALonelyModality) {
  CrossAttention attention(8, 2, 0.0);
  perturb(*attention, 1);
  const auto x = normal({1, 2, 8}, 2);
  const auto alone = mask_of({{1, 0}});
  auto other = x.clone();
  other[0][1] = 100.0;
  const auto from_x = attention->forward(x, alone, nullptr)[0][0];
  const auto from_other = attention->forward(other, alone, nullptr)[0][0];
  EXPECT_TRUE(fixture::same_bits(from_x, from_other));
  // The biases of value and output must not leak in either.
  const torch::NoGradGuard no_grad;
  auto named = attention->named_parameters();
  named["out.bias"].fill_(5.0);
  named["value.bias"].fill_(5.0);
  const auto biased = attention->forward(x, alone, nullptr)[0][0];
  EXPECT_TRUE(fixture::same_bits(from_x, biased));
}

TEST(CrossAttention, HasTheGradientOfFiniteDifferences) {
  CrossAttention attention(8, 2, 0.0);
  perturb(*attention, 1);
  auto x = normal({6, 3, 8}, 2).requires_grad_();
  const auto read = normal({6, 3, 8}, 3);
  auto leaves = fixture::named_parameters(*attention);
  leaves.emplace_back("modalities", x);
  expect_gradients(
      [&] {
        return (attention->forward(x, some_present(), nullptr) * read).sum();
      },
      leaves);
}

TEST(GatedFusion, GatesSumToOneOverPresentModalities) {
  GatedFusion fusion(8);
  perturb(*fusion, 1);
  const auto x = normal({6, 3, 8}, 2);
  const auto fused = fusion->forward(x, some_present());
  for (std::int64_t b = 0; b < 6; ++b) {
    const auto present = some_present()[b];
    const bool any = present.sum().item<double>() > 0;
    EXPECT_NEAR(fused.gates[b].sum().item<double>(), any ? 1.0 : 0.0, 1e-12);
    auto plain = torch::zeros({8}, torch::kDouble);
    for (std::int64_t m = 0; m < 3; ++m) {
      if (present[m].item<double>() == 0) {
        EXPECT_EQ(fused.gates[b][m].item<double>(), 0.0);
      }
      plain = plain + fused.gates[b][m] * x[b][m];
    }
    EXPECT_TRUE(torch::allclose(fused.vector[b], plain, 1e-12, 1e-12));
  }
}

TEST(GatedFusion, GivesAnOnlyModalityTheWholeGate) {
  GatedFusion fusion(8);
  perturb(*fusion, 1);
  const auto x = normal({2, 1, 8}, 2);
  const auto fused = fusion->forward(x, mask_of({{1}, {0}}));
  EXPECT_EQ(fused.gates[0][0].item<double>(), 1.0);
  EXPECT_EQ(fused.gates[1][0].item<double>(), 0.0);
  EXPECT_TRUE(fixture::same_bits(fused.vector[0], x[0][0]));
}

TEST(GatedFusion, HasTheGradientOfFiniteDifferences) {
  GatedFusion fusion(8);
  perturb(*fusion, 1);
  auto x = normal({6, 3, 8}, 2).requires_grad_();
  const auto read = normal({6, 8}, 3);
  const auto weigh = normal({6, 3}, 4);
  auto leaves = fixture::named_parameters(*fusion);
  leaves.emplace_back("modalities", x);
  expect_gradients(
      [&] {
        const auto fused = fusion->forward(x, some_present());
        return (fused.vector * read).sum() + (fused.gates * weigh).sum();
      },
      leaves);
}

}  // namespace
}  // namespace musl::nn
