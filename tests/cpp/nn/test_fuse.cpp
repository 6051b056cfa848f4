#include <cmath>
#include <vector>

#include "gradient_check.h"
#include "musl/error.h"
#include "nn/fuse/contrastive.h"
#include "nn/fuse/cross_attention.h"
#include "nn/fuse/gated_fusion.h"

namespace musl::nn {
namespace {

using test::expect_gradients;
using test::normal;
using test::parameters_of;
using test::perturb;

Tensor mask_of(const std::vector<std::vector<double>>& rows) {
  auto mask = torch::empty({static_cast<std::int64_t>(rows.size()),
                            static_cast<std::int64_t>(rows[0].size())},
                           torch::kDouble);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) {
      mask[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(j)] =
          rows[i][j];
    }
  }
  return mask;
}

const Tensor& some_present() {
  static const auto mask = mask_of(
      {{1, 1, 1}, {1, 0, 1}, {0, 1, 1}, {0, 0, 1}, {1, 1, 1}, {0, 0, 0}});
  return mask;
}

struct Contrast {
  std::vector<Tensor> projected;
  Tensor present, gene_a, gene_b;
  double temperature = 0.3;

  [[nodiscard]] Tensor loss() const {
    return contrastive_loss(projected, present, gene_a, gene_b, temperature);
  }
};

Contrast make_contrast() {
  // Pairs 0 and 1 share gene 7, pairs 2 and 4 share gene 3 crosswise, pair 5
  // is pair 0 once more.
  return {
      {normal({6, 4}, 1), normal({6, 4}, 2), normal({6, 4}, 3)},
      mask_of(
          {{1, 1, 1}, {1, 0, 1}, {1, 1, 1}, {0, 0, 1}, {1, 1, 1}, {1, 1, 0}}),
      torch::tensor(std::vector<std::int64_t>{7, 7, 3, 5, 2, 7}),
      torch::tensor(std::vector<std::int64_t>{8, 9, 4, 6, 3, 8})};
}

double cosine(const Tensor& x, std::int64_t i, const Tensor& y,
              std::int64_t j) {
  double xy = 0, xx = 0, yy = 0;
  for (std::int64_t k = 0; k < x.size(1); ++k) {
    const auto u = x[i][k].item<double>(), v = y[j][k].item<double>();
    xy += u * v;
    xx += u * u;
    yy += v * v;
  }
  return xy / std::sqrt(xx * yy);
}

/// -log softmax of the own partner, by plain loops; mean over rows.
double plain_direction(const Contrast& c, std::size_t from, std::size_t to,
                       const std::vector<std::int64_t>& rows) {
  double sum = 0;
  for (const auto i : rows) {
    double denominator = 0;
    for (const auto j : rows) {
      const auto ai = c.gene_a[i].item<std::int64_t>(),
                 bi = c.gene_b[i].item<std::int64_t>(),
                 aj = c.gene_a[j].item<std::int64_t>(),
                 bj = c.gene_b[j].item<std::int64_t>();
      const bool shared = ai == aj || ai == bj || bi == aj || bi == bj;
      if (shared && i != j) continue;
      denominator += std::exp(cosine(c.projected[from], i, c.projected[to], j) /
                              c.temperature);
    }
    sum += std::log(denominator) -
           cosine(c.projected[from], i, c.projected[to], i) / c.temperature;
  }
  return sum / static_cast<double>(rows.size());
}

double plain_contrast(const Contrast& c) {
  double sum = 0;
  int terms = 0;
  for (std::size_t m = 0; m < c.projected.size(); ++m) {
    for (std::size_t n = m + 1; n < c.projected.size(); ++n) {
      std::vector<std::int64_t> rows;
      for (std::int64_t i = 0; i < c.present.size(0); ++i) {
        const auto row = c.present[i];
        if (row[static_cast<std::int64_t>(m)].item<double>() > 0 &&
            row[static_cast<std::int64_t>(n)].item<double>() > 0) {
          rows.push_back(i);
        }
      }
      if (rows.size() < 2) continue;
      sum += 0.5 *
             (plain_direction(c, m, n, rows) + plain_direction(c, n, m, rows));
      ++terms;
    }
  }
  return terms > 0 ? sum / terms : 0.0;
}

TEST(Contrastive, AgreesWithPlainLoopsUnderMasksAndSharedGenes) {
  const auto c = make_contrast();
  EXPECT_NEAR(c.loss().item<double>(), plain_contrast(c), 1e-12);
}

TEST(Contrastive, IsLogOfTheBatchWhenAllVectorsAreEqual) {
  Contrast c;
  c.projected = {torch::ones({5, 3}, torch::kDouble),
                 torch::ones({5, 3}, torch::kDouble)};
  c.present = torch::ones({5, 2}, torch::kDouble);
  c.gene_a = torch::arange(0, 5);
  c.gene_b = torch::arange(5, 10);
  EXPECT_NEAR(c.loss().item<double>(), std::log(5.0), 1e-12);
}

TEST(Contrastive, LeavesOutModalityPairsWithFewerThanTwoPairs) {
  auto c = make_contrast();
  c.present.select(1, 2).zero_();
  c.present[0][2] = 1;
  auto first_two = c;
  first_two.projected.pop_back();
  first_two.present = c.present.narrow(1, 0, 2).clone();
  EXPECT_NEAR(c.loss().item<double>(), plain_contrast(first_two), 1e-12);
}

TEST(Contrastive, IsZeroWithoutAnyPairOfModalities) {
  auto c = make_contrast();
  c.present.zero_();
  EXPECT_EQ(c.loss().item<double>(), 0.0);
  c.present.select(1, 1).fill_(1);
  EXPECT_EQ(c.loss().item<double>(), 0.0);
}

TEST(Contrastive, HasTheGradientOfFiniteDifferences) {
  const auto c = make_contrast();
  test::NamedTensors leaves;
  for (auto x : c.projected) {
    leaves.emplace_back("projected", x.requires_grad_());
  }
  expect_gradients([&] { return c.loss(); }, leaves);
}

TEST(Contrastive, HasFiniteGradientsWhereAbsentVectorsAreZero) {
  const auto c = make_contrast();
  c.projected[0][3].zero_();
  auto leaf = c.projected[0];
  leaf.requires_grad_();
  const auto gradient = torch::autograd::grad({c.loss()}, {leaf})[0];
  EXPECT_TRUE(torch::isfinite(gradient).all().item<bool>());
  EXPECT_EQ(gradient[3].abs().max().item<double>(), 0.0);
}

TEST(Contrastive, RefusesMasksOfAnotherNumberOfModalities) {
  auto c = make_contrast();
  c.projected.pop_back();
  EXPECT_THROW(static_cast<void>(c.loss()), ShapeError);
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
  EXPECT_TRUE(test::same_bits(from_x, from_other));
  // The biases of value and output must not leak in either.
  const torch::NoGradGuard no_grad;
  auto named = attention->named_parameters();
  named["out.bias"].fill_(5.0);
  named["value.bias"].fill_(5.0);
  const auto biased = attention->forward(x, alone, nullptr)[0][0];
  EXPECT_TRUE(test::same_bits(from_x, biased));
}

TEST(CrossAttention, HasTheGradientOfFiniteDifferences) {
  CrossAttention attention(8, 2, 0.0);
  perturb(*attention, 1);
  auto x = normal({6, 3, 8}, 2).requires_grad_();
  const auto read = normal({6, 3, 8}, 3);
  auto leaves = parameters_of(*attention);
  leaves.emplace_back("modalities", x);
  expect_gradients(
      [&] {
        return (attention->forward(x, some_present(), nullptr) * read).sum();
      },
      leaves);
}

TEST(CrossAttention, RefusesAWidthThatHeadsDoNotDivide) {
  EXPECT_THROW(CrossAttention(10, 4, 0.0), ShapeError);
  EXPECT_THROW(CrossAttention(8, 0, 0.0), ShapeError);
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
  EXPECT_TRUE(test::same_bits(fused.vector[0], x[0][0]));
}

TEST(GatedFusion, HasTheGradientOfFiniteDifferences) {
  GatedFusion fusion(8);
  perturb(*fusion, 1);
  auto x = normal({6, 3, 8}, 2).requires_grad_();
  const auto read = normal({6, 8}, 3);
  const auto weigh = normal({6, 3}, 4);
  auto leaves = parameters_of(*fusion);
  leaves.emplace_back("modalities", x);
  expect_gradients(
      [&] {
        const auto fused = fusion->forward(x, some_present());
        return (fused.vector * read).sum() + (fused.gates * weigh).sum();
      },
      leaves);
}

TEST(GatedFusion, RefusesMasksOfAnotherShape) {
  GatedFusion fusion(8);
  EXPECT_THROW(static_cast<void>(fusion->forward(torch::zeros({2, 3, 8}),
                                                 torch::ones({2, 2}))),
               ShapeError);
}

}  // namespace
}  // namespace musl::nn
