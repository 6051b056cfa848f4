#pragma once

#include <Eigen/Core>
#include <numeric>
#include <string>
#include <vector>

#include "base/rng.h"
#include "expression/expression.h"

namespace musl::testing {

/// (genes, samples) standard normal values.
inline Eigen::MatrixXd normal_matrix(int genes, int samples,
                                     std::uint64_t seed) {
  Rng rng(seed);
  Eigen::MatrixXd x(genes, samples);
  for (int g = 0; g < genes; ++g) {
    for (int s = 0; s < samples; ++s) x(g, s) = rng.normal();
  }
  return x;
}

/// Counts of which about two thirds are zero.
inline Eigen::MatrixXd sparse_counts(int genes, int samples,
                                     std::uint64_t seed) {
  Eigen::MatrixXd x = normal_matrix(genes, samples, seed);
  return (x.array() * 4.0 - 1.5).max(0.0).ceil().matrix();
}

/// A cohort whose row g is gene g.
inline ExpressionCohort make_cohort(const std::vector<Eigen::MatrixXd>& assays,
                                    const ExpressionConfig& config = {},
                                    bool linear = false, bool compact = false,
                                    int threads = 1) {
  ExpressionInput input;
  input.name = "toy";
  input.linear = linear;
  for (const auto& x : assays) {
    input.assays.emplace_back(x.data(), x.rows(), x.cols());
  }
  input.gene_of_row.resize(static_cast<std::size_t>(assays[0].rows()));
  std::iota(input.gene_of_row.begin(), input.gene_of_row.end(), 0);
  return make_expression_cohort(input, config, assays[0].rows(), nullptr,
                                compact, threads);
}

inline ExpressionConfig config_of(int bins,
                                  BinMethod binning = BinMethod::value) {
  ExpressionConfig config;
  config.bins = bins;
  config.binning = binning;
  return config;
}

}  // namespace musl::testing
