#pragma once

// The sizes and the small graph that the tests of encoders share.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "data/config.h"
#include "graph/csr_graph.h"
#include "nn/base/sparse_product.h"

namespace musl::nn::fixture {

inline constexpr std::int64_t kOwn = 16;  // hidden units per gene

inline ArchitectureConfig small_config() {
  ArchitectureConfig config;
  config.width = 8;
  config.dropout = 0.0;
  return config;
}

/// A ring of n genes with chords, D^-1/2 (A + I) D^-1/2 with unit weights.
inline CsrGraph ring(std::int64_t n) {
  std::vector<std::vector<std::int32_t>> rows(static_cast<std::size_t>(n));
  const auto link = [&](std::int64_t i, std::int64_t j) {
    rows[static_cast<std::size_t>(i)].push_back(static_cast<std::int32_t>(j));
    rows[static_cast<std::size_t>(j)].push_back(static_cast<std::int32_t>(i));
  };
  for (std::int64_t i = 0; i < n; ++i) {
    rows[static_cast<std::size_t>(i)].push_back(static_cast<std::int32_t>(i));
    link(i, (i + 1) % n);
    if (i % 3 == 0) link(i, (i + 5) % n);
  }
  CsrGraph graph;
  graph.offset = {0};
  for (auto& row : rows) {
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
    graph.neighbour.insert(graph.neighbour.end(), row.begin(), row.end());
    graph.offset.push_back(static_cast<std::int64_t>(graph.neighbour.size()));
  }
  for (const auto& row : rows) {
    for (const auto j : row) {
      const auto degrees =
          row.size() * rows[static_cast<std::size_t>(j)].size();
      graph.weight.push_back(1.0F / std::sqrt(static_cast<float>(degrees)));
    }
  }
  return graph;
}

/// The whole matrix, in double precision.
inline Tensor dense(const SymmetricMatrix& matrix) {
  const auto n = matrix.offset.size(0) - 1;
  auto full = torch::zeros({n, n}, torch::kDouble);
  for (std::int64_t i = 0; i < n; ++i) {
    for (auto e = matrix.offset[i].item<std::int64_t>();
         e < matrix.offset[i + 1].item<std::int64_t>(); ++e) {
      full[i][matrix.column[e].item<std::int64_t>()] =
          matrix.value[e].item<double>();
    }
  }
  return full;
}

}  // namespace musl::nn::fixture
