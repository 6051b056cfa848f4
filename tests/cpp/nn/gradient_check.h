#pragma once

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "nn/base/tensor.h"

namespace musl::nn::fixture {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// Numbers of a fixed stream, standard normal.
inline Tensor normal(const std::vector<std::int64_t>& shape,
                     std::uint64_t seed) {
  auto x = torch::empty(shape, torch::kDouble);
  Rng rng(seed);
  auto* value = x.data_ptr<double>();
  for (std::int64_t i = 0; i < x.numel(); ++i) value[i] = rng.normal();
  return x;
}

/// A matrix of these rows.
inline Tensor mask_of(const std::vector<std::vector<double>>& rows) {
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

inline NamedTensors named_parameters(const torch::nn::Module& module) {
  NamedTensors named;
  for (const auto& item : module.named_parameters()) {
    named.emplace_back(item.key(), item.value());
  }
  return named;
}

/// Double precision, and away from the special values of a fresh module.
inline void perturb(torch::nn::Module& module, std::uint64_t seed) {
  module.to(torch::kDouble);
  const torch::NoGradGuard no_grad;
  for (auto& parameter : module.parameters()) {
    std::vector<std::int64_t> shape = parameter.sizes().vec();
    parameter.add_(0.3 * normal(shape, seed++));
  }
}

/// Compares autograd with central differences along one random direction for
/// each tensor (so that every entry counts). `loss` is a double scalar.
inline void expect_gradients(const std::function<Tensor()>& loss,
                             const NamedTensors& tensors) {
  constexpr double kStep = 1e-6;
  std::vector<Tensor> leaves;
  for (const auto& item : tensors) leaves.push_back(item.second);
  const auto gradients =
      torch::autograd::grad({loss()}, leaves, {}, /*retain_graph=*/false,
                            /*create_graph=*/false, /*allow_unused=*/true);
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const auto direction = normal(leaves[i].sizes().vec(), 1000 + i);
    leaves[i].add_(direction, kStep);
    const auto above = loss().item<double>();
    leaves[i].sub_(direction, 2 * kStep);
    const auto below = loss().item<double>();
    leaves[i].add_(direction, kStep);
    const double numeric = (above - below) / (2 * kStep);
    const double exact = gradients[i].defined()
                             ? (gradients[i] * direction).sum().item<double>()
                             : 0.0;
    // Rounding of the loss over the step is about 1e-16 / 1e-6.
    EXPECT_NEAR(exact, numeric, 1e-7 + 1e-5 * std::abs(numeric))
        << tensors[i].first;
  }
}

/// Same bits in every entry.
inline bool same_bits(const Tensor& a, const Tensor& b) {
  return a.scalar_type() == b.scalar_type() && torch::equal(a, b);
}

}  // namespace musl::nn::fixture
