#include <cmath>
#include <cstddef>
#include <vector>

#include "gradient_check.h"
#include "nn/base/tensor.h"
#include "nn/learn/contrastive.h"

namespace musl::nn {
namespace {

using fixture::expect_gradients;
using fixture::mask_of;
using fixture::normal;

constexpr double kTemperature = 0.3;

struct LabelledContrast {
  std::vector<Tensor> projected{normal({6, 4}, 1), normal({6, 4}, 2),
                                normal({6, 4}, 3)};
  Tensor present = mask_of(
      {{1, 1, 1}, {1, 0, 1}, {1, 1, 1}, {0, 0, 1}, {1, 1, 1}, {1, 1, 0}});
  Tensor label = torch::tensor({1.0F, 0.0F, 1.0F, 0.0F, 0.0F, 1.0F});

  [[nodiscard]] Tensor loss() const {
    return supervised_contrastive_loss(projected, present, label, kTemperature);
  }
};

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

/// Equation 2 of Khosla et al., anchor by anchor.
double plain_supervised(const LabelledContrast& c) {
  struct Anchor {
    std::size_t modality;
    std::int64_t pair;
    bool is_sl;
  };
  std::vector<Anchor> anchors;
  for (std::size_t m = 0; m < c.projected.size(); ++m) {
    for (std::int64_t i = 0; i < c.present.size(0); ++i) {
      const auto has =
          c.present[i][static_cast<std::int64_t>(m)].item<double>();
      if (has > 0) {
        anchors.push_back({m, i, c.label[i].item<float>() >= 0.5F});
      }
    }
  }
  double sum = 0;
  int n = 0;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    const auto similarity = [&](std::size_t j) {
      return cosine(c.projected[anchors[i].modality], anchors[i].pair,
                    c.projected[anchors[j].modality], anchors[j].pair) /
             kTemperature;
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
  c.present.zero_();
  EXPECT_EQ(c.loss().item<double>(), 0.0);
}

TEST(SupervisedContrast, IsLogOfTheOthersWhenAllVectorsAreEqual) {
  LabelledContrast c;
  for (auto& x : c.projected) x.fill_(1);
  c.present.fill_(1);
  EXPECT_NEAR(c.loss().item<double>(), std::log(17.0), 1e-12);  // 18 anchors
}

TEST(SupervisedContrast, HasTheGradientOfFiniteDifferences) {
  LabelledContrast c;
  fixture::NamedTensors leaves;
  for (auto x : c.projected) {
    leaves.emplace_back("projected", x.requires_grad_());
  }
  expect_gradients([&] { return c.loss(); }, leaves);
}

TEST(SupervisedContrast, HasFiniteGradientsWhereAbsentVectorsAreZero) {
  LabelledContrast c;
  c.projected[0][3].zero_();
  auto leaf = c.projected[0];
  leaf.requires_grad_();
  const auto gradient = torch::autograd::grad({c.loss()}, {leaf})[0];
  EXPECT_TRUE(torch::isfinite(gradient).all().item<bool>());
  EXPECT_EQ(gradient[3].abs().max().item<double>(), 0.0);
}

}  // namespace
}  // namespace musl::nn
