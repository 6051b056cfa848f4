#pragma once

// Two scales that err on different genes, and few labels: what
// musl_simulate("imbalance") makes, from random numbers of the core's own.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

#include "musl/dataset.h"
#include "musl/pair_set.h"
#include "musl/rng.h"

namespace musl::test {

struct ImbalanceWorld {
  static constexpr int kGenes = 400;
  static constexpr int kSamples = 192;
  static constexpr int kColumns = 16;

  std::vector<int> community;  // of four; pairs of partners are SL
  Dataset data;
  PairSet training;    // 80 pairs
  PairSet validation;  // 100
  PairSet test;        // 2000

  /// The truth of any pair: communities 0 and 1 are partners, 2 and 3.
  [[nodiscard]] bool is_sl(std::int32_t a, std::int32_t b) const {
    return (community[static_cast<std::size_t>(a)] ^
            community[static_cast<std::size_t>(b)]) == 1;
  }
};

/// A share of the genes in one of the other three communities.
inline std::vector<int> mistaken(std::vector<int> community, double share,
                                 Rng* rng) {
  const auto n = static_cast<std::int64_t>(community.size());
  const auto order = rng->permutation(n);
  for (std::size_t i = 0; i < std::lround(share * static_cast<double>(n));
       ++i) {
    int& own = community[static_cast<std::size_t>(order[i])];
    own = (own + 1 + static_cast<int>(rng->below(3))) % 4;
  }
  return community;
}

/// Partners correlate by -.25, genes of one community by +.25, and every gene
/// has the same set of values.
inline Eigen::MatrixXd imbalance_expression(const std::vector<int>& community,
                                            Rng* rng) {
  constexpr int kSamples = ImbalanceWorld::kSamples;
  constexpr double kLoading = 0.25;
  const auto normal = [rng](auto...) { return rng->normal(); };
  const Eigen::MatrixXd factor =
      Eigen::MatrixXd::NullaryExpr(2, kSamples, normal);
  Eigen::VectorXd levels =
      Eigen::VectorXd::NullaryExpr(kSamples, normal).array() + 6;
  std::sort(levels.data(), levels.data() + levels.size());
  Eigen::MatrixXd out(community.size(), kSamples);
  for (std::size_t i = 0; i < community.size(); ++i) {
    const double sign = community[i] % 2 == 0 ? 1 : -1;
    const Eigen::RowVectorXd drawn =
        std::sqrt(kLoading) * sign * factor.row(community[i] / 2) +
        std::sqrt(1 - kLoading) *
            Eigen::RowVectorXd::NullaryExpr(kSamples, normal);
    std::vector<int> order(kSamples);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](int x, int y) { return drawn(x) < drawn(y); });
    for (int rank = 0; rank < kSamples; ++rank) {
      out(static_cast<Eigen::Index>(i), order[static_cast<std::size_t>(rank)]) =
          levels(rank);
    }
  }
  return out;
}

/// The community in the first four columns, noise in all.
inline Eigen::MatrixXd imbalance_features(const std::vector<int>& community,
                                          Rng* rng) {
  constexpr double kNoise = 0.7;
  Eigen::MatrixXd out = Eigen::MatrixXd::NullaryExpr(
      static_cast<Eigen::Index>(community.size()), ImbalanceWorld::kColumns,
      [rng](auto...) { return kNoise * rng->normal(); });
  for (std::size_t i = 0; i < community.size(); ++i) {
    out(static_cast<Eigen::Index>(i), community[i]) += 1;
  }
  return out;
}

/// Independent edges, twelve a gene, twenty times as likely within a community.
inline void add_imbalance_edges(const std::vector<int>& community, Rng* rng,
                                DatasetInput* input) {
  constexpr double kDegree = 12, kWithin = 20;
  const auto n = static_cast<std::int32_t>(community.size());
  const auto odds = [&](std::int32_t i, std::int32_t j) {
    return community[static_cast<std::size_t>(i)] ==
                   community[static_cast<std::size_t>(j)]
               ? kWithin
               : 1.0;
  };
  double all = 0;
  for (std::int32_t i = 0; i < n; ++i) {
    for (std::int32_t j = 0; j < i; ++j) all += odds(i, j);
  }
  for (std::int32_t i = 0; i < n; ++i) {
    for (std::int32_t j = 0; j < i; ++j) {
      if (rng->uniform() >= odds(i, j) * kDegree * n / (2 * all)) continue;
      input->edge_from.push_back(j);
      input->edge_to.push_back(i);
      input->edge_weight.push_back(1);
    }
  }
}

/// Half of them SL; `taken` are keys that are not drawn again.
inline PairSet imbalance_pairs(const ImbalanceWorld& world, int n,
                               std::set<std::int64_t>* taken, Rng* rng) {
  PairSet out;
  std::array<int, 2> left = {n / 2, n / 2};
  while (left[0] + left[1] > 0) {
    const auto a = static_cast<std::int32_t>(rng->below(world.kGenes));
    const auto b = static_cast<std::int32_t>(rng->below(world.kGenes));
    const bool is_sl = world.is_sl(a, b);
    if (a == b || left[is_sl ? 1 : 0] == 0 ||
        !taken->insert(pair_key(a, b, world.kGenes)).second) {
      continue;
    }
    --left[is_sl ? 1 : 0];
    out.a.push_back(a);
    out.b.push_back(b);
    out.label.push_back(is_sl ? 1.0f : 0.0f);
  }
  return out;
}

inline ImbalanceWorld imbalance_world(const ArchitectureConfig& arch,
                                      std::uint64_t seed) {
  constexpr double kExpressedWrong = 0.12, kWiredWrong = 0.08;
  Rng rng(seed);
  ImbalanceWorld world;
  world.community.resize(world.kGenes);
  const auto order = rng.permutation(world.kGenes);
  for (std::size_t i = 0; i < order.size(); ++i) {
    world.community[i] = static_cast<int>(order[i] % 4);
  }
  const auto wired = mistaken(world.community, kWiredWrong, &rng);
  const Eigen::MatrixXd values = imbalance_expression(
      mistaken(world.community, kExpressedWrong, &rng), &rng);
  const Eigen::MatrixXd features = imbalance_features(wired, &rng);
  const RMatrixView view(features.data(), features.rows(), features.cols());

  DatasetInput input;
  input.n_genes = world.kGenes;
  input.sources.resize(1);
  input.sources[0].name = "simulated";
  input.sources[0].assays.emplace_back(values.data(), values.rows(),
                                       values.cols());
  input.embeddings = &view;
  for (std::int32_t gene = 0; gene < world.kGenes; ++gene) {
    input.sources[0].gene_of_row.push_back(gene);
    input.embedding_gene.push_back(gene);
  }
  add_imbalance_edges(wired, &rng, &input);
  world.data = make_dataset(input, arch, nullptr, {}, seed, /*threads=*/1);

  std::set<std::int64_t> taken;
  world.training = imbalance_pairs(world, 80, &taken, &rng);
  world.validation = imbalance_pairs(world, 100, &taken, &rng);
  world.test = imbalance_pairs(world, 2000, &taken, &rng);
  return world;
}

}  // namespace musl::test
