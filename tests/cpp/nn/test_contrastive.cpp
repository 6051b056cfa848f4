#include <cmath>
#include <vector>

#include "gradient_check.h"
#include "musl/error.h"
#include "nn/fuse/contrastive.h"

namespace musl::nn {
namespace {

using test::expect_gradients;
using test::mask_of;
using test::normal;

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

// ---- Supervised contrast ----

struct LabelledContrast {
  Contrast of = make_contrast();
  Tensor label = torch::tensor({1.0F, 0.0F, 1.0F, 0.0F, 0.0F, 1.0F});

  [[nodiscard]] Tensor loss() const {
    return supervised_contrastive_loss(of.projected, of.present, label,
                                       of.temperature);
  }
};

/// Equation 2 of Khosla et al., anchor by anchor.
double plain_supervised(const LabelledContrast& c) {
  struct Anchor {
    std::size_t modality;
    std::int64_t pair;
    bool is_sl;
  };
  std::vector<Anchor> anchors;
  for (std::size_t m = 0; m < c.of.projected.size(); ++m) {
    for (std::int64_t i = 0; i < c.of.present.size(0); ++i) {
      const auto has =
          c.of.present[i][static_cast<std::int64_t>(m)].item<double>();
      if (has > 0) {
        anchors.push_back({m, i, c.label[i].item<float>() >= 0.5F});
      }
    }
  }
  double sum = 0;
  int n = 0;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const auto similarity = [&](std::size_t j) {
      return cosine(c.of.projected[anchors[i].modality], anchors[i].pair,
                    c.of.projected[anchors[j].modality], anchors[j].pair) /
             c.of.temperature;
    };
    double denominator = 0, positives = 0;
    int n_positives = 0;
    for (std::size_t j = 0; j < anchors.size(); ++j) {
      if (j == i) continue;
      denominator += std::exp(similarity(j));
      if (anchors[j].is_sl != anchors[i].is_sl) continue;
      positives += similarity(j);
      ++n_positives;
    }
    if (n_positives == 0) continue;
    sum += std::log(denominator) - positives / n_positives;
    ++n;
  }
  return n > 0 ? sum / n : 0.0;
}

TEST(SupervisedContrast, AgreesWithPlainLoopsUnderMasks) {
  LabelledContrast c;
  EXPECT_NEAR(c.loss().item<double>(), plain_supervised(c), 1e-12);
  c.label = torch::tensor({1.0F, 0.7F, 0.2F, 0.0F, 0.5F, 1.0F});  // graded
  EXPECT_NEAR(c.loss().item<double>(), plain_supervised(c), 1e-12);
}

TEST(SupervisedContrast, LeavesOutAnAnchorWithoutAnotherOfItsLabel) {
  LabelledContrast c;
  // The only one of its label, and in one modality.
  c.label = torch::tensor({0.0F, 0.0F, 0.0F, 1.0F, 0.0F, 0.0F});
  EXPECT_NEAR(c.loss().item<double>(), plain_supervised(c), 1e-12);
  c.of.present.zero_();
  EXPECT_EQ(c.loss().item<double>(), 0.0);
}

TEST(SupervisedContrast, IsLogOfTheOthersWhenAllVectorsAreEqual) {
  LabelledContrast c;
  for (auto& x : c.of.projected) x.fill_(1);
  c.of.present.fill_(1);
  EXPECT_NEAR(c.loss().item<double>(), std::log(17.0), 1e-12);  // 18 anchors
}

TEST(SupervisedContrast, HasTheGradientOfFiniteDifferences) {
  LabelledContrast c;
  test::NamedTensors leaves;
  for (auto x : c.of.projected) {
    leaves.emplace_back("projected", x.requires_grad_());
  }
  expect_gradients([&] { return c.loss(); }, leaves);
}

TEST(SupervisedContrast, HasFiniteGradientsWhereAbsentVectorsAreZero) {
  LabelledContrast c;
  c.of.projected[0][3].zero_();
  auto leaf = c.of.projected[0];
  leaf.requires_grad_();
  const auto gradient = torch::autograd::grad({c.loss()}, {leaf})[0];
  EXPECT_TRUE(torch::isfinite(gradient).all().item<bool>());
  EXPECT_EQ(gradient[3].abs().max().item<double>(), 0.0);
}

TEST(SupervisedContrast, RefusesMasksOfAnotherNumberOfModalities) {
  LabelledContrast c;
  c.of.projected.pop_back();
  EXPECT_THROW(static_cast<void>(c.loss()), ShapeError);
}

}  // namespace
}  // namespace musl::nn
