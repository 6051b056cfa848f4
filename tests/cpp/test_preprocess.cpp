#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/error.h"
#include "data/preprocess.h"
#include "expression/descriptors.h"
#include "expression_fixture.h"
#include "graph/topology.h"

namespace musl {
namespace {

using testing::make_cohort;
using testing::normal_matrix;

NodeBlock make_block(const std::string& name, const Eigen::MatrixXd& values,
                     const std::vector<std::uint8_t>& present) {
  return {name, values.cast<float>(), present};
}

/// Five genes, one of which the second cohort and the network lack.
Dataset toy() {
  Dataset data;
  data.n_genes = 5;
  data.cohorts = {make_cohort({normal_matrix(5, 40, 1)}),
                  make_cohort({normal_matrix(5, 30, 2)})};
  data.cohorts[1].row_of_gene[4] = -1;
  data.network = make_graph(5, {0, 1, 2, 0}, {1, 2, 3, 3}, {1, 2, 3, 4});
  Eigen::MatrixXd values(5, 2);
  values << 1, 7,  //
      3, 7,        //
      5, 7,        //
      9, 7,        //
      0, 0;
  data.blocks = {make_block("embedding", values, {1, 1, 1, 0, 0})};
  return data;
}

/// Largest relative distance of a node feature from its rounded value.
constexpr float kStep = 0.026f;

const PairSet kTraining{{0, 1, 2, 3, 0}, {1, 2, 3, 4, 4}, {1, 0, 1, 0, 1}};

/// Mean and sd of one column over rows given as they come.
void expect_moments(const std::vector<double>& x, float mean, float sd) {
  double sum = 0, squares = 0;
  for (const double v : x) sum += v;
  const double expected = sum / static_cast<double>(x.size());
  for (const double v : x) squares += (v - expected) * (v - expected);
  const double expected_sd = std::sqrt(squares / static_cast<double>(x.size()));
  EXPECT_NEAR(mean, expected, 1e-5 * (1 + std::abs(expected)));
  const bool constant = expected_sd < 1e-6 * (1 + std::abs(expected));
  EXPECT_NEAR(sd, constant ? 1.0 : expected_sd, 1e-5 * (1 + expected_sd));
}

TEST(Preprocess, DescriptorScalersReadThePairsThatACohortHas) {
  const Dataset data = toy();
  const Scaler scaler = fit_descriptor_scaler(data, kTraining, 1);
  ASSERT_EQ(scaler.mean.size(), 2u * kDescriptors);
  for (std::size_t s = 0; s < 2; ++s) {
    const std::size_t n_pairs = s == 0 ? 5 : 3;  // the last two have gene 4
    std::vector<std::vector<double>> columns(kDescriptors);
    for (std::size_t p = 0; p < n_pairs; ++p) {
      float values[kDescriptors];
      pair_descriptors(data.cohorts[s], kTraining.a[p], kTraining.b[p], values);
      for (std::size_t d = 0; d < kDescriptors; ++d) {
        columns[d].push_back(values[d]);
      }
    }
    for (std::size_t d = 0; d < kDescriptors; ++d) {
      expect_moments(columns[d], scaler.mean[s * kDescriptors + d],
                     scaler.scale[s * kDescriptors + d]);
    }
  }
}

TEST(Preprocess, TopologyScalerReadsPairsWithinTheNetwork) {
  const Dataset data = toy();
  const Scaler scaler = fit_topology_scaler(data, kTraining, 1);
  ASSERT_EQ(scaler.mean.size(), static_cast<std::size_t>(kTopology));
  std::vector<std::vector<double>> columns(kTopology);
  for (std::size_t p = 0; p < 3; ++p) {
    float values[kTopology];
    pair_topology(data.network, kTraining.a[p], kTraining.b[p], values);
    for (std::size_t c = 0; c < kTopology; ++c) columns[c].push_back(values[c]);
  }
  for (std::size_t c = 0; c < kTopology; ++c) {
    expect_moments(columns[c], scaler.mean[c], scaler.scale[c]);
  }
}

// Pairs are read in parts of 256; the first ones are of hubs.
TEST(Preprocess, ScalersOfManyPairsAreThoseOfAllTogether) {
  Dataset data;
  data.n_genes = 50;
  std::vector<std::int32_t> from, to;
  PairSet training;
  for (std::int32_t a = 0; a < 50; ++a) {
    for (std::int32_t b = a + 1; b < 50; ++b) {
      training.a.push_back(a);
      training.b.push_back(b);
      training.label.push_back(0);
      if (a > 6 && b != a + 1) continue;
      from.push_back(a);
      to.push_back(b);
    }
  }
  data.network = make_graph(50, from, to, std::vector<float>(from.size(), 1));
  ASSERT_GT(training.size(), 4 * 256);
  const Scaler scaler = fit_topology_scaler(data, training, 1);
  std::vector<std::vector<double>> columns(kTopology);
  for (std::size_t p = 0; p < training.a.size(); ++p) {
    float values[kTopology];
    pair_topology(data.network, training.a[p], training.b[p], values);
    for (std::size_t c = 0; c < kTopology; ++c) columns[c].push_back(values[c]);
  }
  for (std::size_t c = 0; c < kTopology; ++c) {
    expect_moments(columns[c], scaler.mean[c], scaler.scale[c]);
  }
}

TEST(Preprocess, BlockScalersReadMeasuredRowsOfTrainingGenes) {
  const Dataset data = toy();
  PairSet training{{0, 0}, {1, 3}, {1, 0}};
  const auto blocks = fit_preprocess(data, training, 1).blocks;
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_FLOAT_EQ(blocks[0].mean[0], 2);  // of 1 and 3
  EXPECT_FLOAT_EQ(blocks[0].scale[0], 1);
  EXPECT_FLOAT_EQ(blocks[0].mean[1], 7);
  EXPECT_FLOAT_EQ(blocks[0].scale[1], 1);  // constant
}

TEST(Preprocess, NodeFeaturesAreStandardisedAndZeroWhereNothingIsKnown) {
  const Dataset data = toy();
  const PairSet training{{0}, {1}, {1}};
  const Preprocess preprocess = fit_preprocess(data, training, 1);
  const Matrix features = node_features(data, preprocess);
  ASSERT_EQ(features.rows(), 5);
  ASSERT_EQ(features.cols(), 2);
  EXPECT_NEAR(features(2, 0), 3, kStep * 3);
  EXPECT_FLOAT_EQ(features(3, 0), 6);  // filled, and clamped from 7
  EXPECT_TRUE(features.row(4).isZero(0));
}

TEST(Preprocess, BlocksStandSideBySide) {
  Dataset data = toy();
  data.blocks.push_back(
      make_block("degree", normal_matrix(5, 1, 3), {1, 1, 1, 1, 1}));
  const Preprocess preprocess = fit_preprocess(data, kTraining, 1);
  const Matrix features = node_features(data, preprocess);
  ASSERT_EQ(features.cols(), 3);
  Matrix degree = data.blocks[1].values;
  preprocess.blocks[1].apply(degree.data(), 5);
  for (Eigen::Index g = 0; g < 5; ++g) {
    EXPECT_NEAR(features(g, 2), degree(g, 0), 0.0006f + kStep);
  }
}

// Of 255 values, a byte each: near the mean a thousandth apart, else 5 %.
TEST(Preprocess, RoundedFeaturesGoThroughBytesToTheSameBits) {
  Dataset data = toy();
  Eigen::MatrixXd wide = normal_matrix(5, 400, 4);
  wide.leftCols(200) *= 0.004;
  data.blocks.push_back(make_block("wide", wide, {1, 1, 1, 1, 0}));
  const Preprocess preprocess = fit_preprocess(data, kTraining, 1);
  const Matrix rounded = node_features(data, preprocess);
  Dataset back = data;
  for (std::size_t i = 0; i < data.blocks.size(); ++i) {
    const Scaler& scaler = preprocess.blocks[i];
    back.blocks[i] =
        block_of_codes(data.blocks[i].name, block_codes(data.blocks[i], scaler),
                       data.blocks[i].present, scaler);
  }
  EXPECT_EQ(node_features(back, preprocess), rounded);
  Matrix exact = data.blocks[1].values;
  preprocess.blocks[1].apply(exact.data(), 5);
  for (Eigen::Index g = 0; g < 4; ++g) {
    for (Eigen::Index c = 0; c < exact.cols(); ++c) {
      const float x = exact(g, c);
      EXPECT_NEAR(rounded(g, c + 2), x, 0.0006f + kStep * std::abs(x));
    }
  }
  EXPECT_TRUE(rounded.row(4).head(2).isZero(0));
}

TEST(Preprocess, ThePropagatedScalerReadsEveryGene) {
  Dataset data = toy();
  data.blocks.push_back(
      make_block("degree", normal_matrix(5, 3, 3), {1, 1, 1, 1, 1}));
  const Preprocess found = fit_preprocess(data, kTraining, 1);
  // D^-1/2 (A + I) D^-1/2, dense.
  Eigen::MatrixXd a = Eigen::MatrixXd::Identity(5, 5);
  a(0, 1) = a(1, 0) = 1;
  a(1, 2) = a(2, 1) = 2;
  a(2, 3) = a(3, 2) = 3;
  a(0, 3) = a(3, 0) = 4;
  const Eigen::VectorXd root = a.rowwise().sum().cwiseSqrt().cwiseInverse();
  a = root.asDiagonal() * a * root.asDiagonal();
  const Eigen::MatrixXd x = a * node_features(data, found).cast<double>();
  ASSERT_EQ(found.propagated.size(), 1U);
  const Scaler& scaler = found.propagated[0];
  ASSERT_EQ(scaler.mean.size(), 5u);
  for (Eigen::Index c = 0; c < 5; ++c) {
    const std::vector<double> column(x.col(c).data(), x.col(c).data() + 5);
    const auto i = static_cast<std::size_t>(c);
    expect_moments(column, scaler.mean[i], scaler.scale[i]);
  }
}

TEST(Preprocess, NothingIsPropagatedWithoutANetworkOrFeatures) {
  Dataset data = toy();
  data.network = {};
  EXPECT_TRUE(fit_preprocess(data, kTraining, 1).propagated.empty());
  data = toy();
  data.blocks.clear();
  EXPECT_TRUE(fit_preprocess(data, kTraining, 1).propagated.empty());
}

TEST(Preprocess, AMissingBlockIsZero) {
  Dataset data = toy();
  data.blocks.push_back(
      make_block("degree", normal_matrix(5, 1, 3), {1, 1, 1, 1, 1}));
  const Preprocess preprocess = fit_preprocess(data, kTraining, 1);
  const Matrix whole = node_features(data, preprocess);
  data.blocks.erase(data.blocks.begin());
  const Matrix found = node_features(data, preprocess);
  ASSERT_EQ(found.cols(), 3);
  EXPECT_TRUE(found.leftCols(2).isZero(0));
  EXPECT_EQ(found.col(2), whole.col(2));
}

TEST(Preprocess, OtherBlocksThanTheScalersAreRefused) {
  const Dataset data = toy();
  Preprocess preprocess = fit_preprocess(data, kTraining, 1);
  preprocess.blocks[0].mean.push_back(0);
  EXPECT_THROW((void)node_features(data, preprocess), ShapeError);
  preprocess = fit_preprocess(data, kTraining, 1);
  preprocess.block_names[0] = "spectral";
  EXPECT_THROW((void)node_features(data, preprocess), ShapeError);
}

TEST(Preprocess, ThreadsDoNotChangeTheBits) {
  Dataset data = toy();
  PairSet training;
  for (int i = 0; i < 3000; ++i) {
    training.a.push_back(i % 5);
    training.b.push_back((i + 1 + i % 3) % 5);
    training.label.push_back(0);
  }
  const Preprocess one = fit_preprocess(data, training, 1);
  const Preprocess two = fit_preprocess(data, training, 2);
  const Scaler of_one = fit_descriptor_scaler(data, training, 1);
  const Scaler of_two = fit_descriptor_scaler(data, training, 2);
  EXPECT_EQ(of_one.mean, of_two.mean);
  EXPECT_EQ(of_one.scale, of_two.scale);
  EXPECT_EQ(fit_topology_scaler(data, training, 1).scale,
            fit_topology_scaler(data, training, 2).scale);
  ASSERT_EQ(one.propagated.size(), 1u);
  EXPECT_EQ(one.propagated[0].mean, two.propagated[0].mean);
  EXPECT_EQ(one.propagated[0].scale, two.propagated[0].scale);
}

TEST(Preprocess, WithoutInputsOrPairsIsNeutral) {
  Dataset data;
  data.n_genes = 3;
  const Preprocess empty = fit_preprocess(data, {}, 1);
  EXPECT_TRUE(fit_descriptor_scaler(data, {}, 1).mean.empty());
  const Scaler topology = fit_topology_scaler(data, {}, 1);
  EXPECT_EQ(topology.mean, std::vector<float>(kTopology, 0));
  EXPECT_EQ(topology.scale, std::vector<float>(kTopology, 1));
  EXPECT_TRUE(empty.pair_scaler("descriptors").mean.empty());
  EXPECT_EQ(node_features(data, empty).cols(), 0);
}

TEST(Preprocess, RefusesGenesOutsideTheUniverse) {
  EXPECT_THROW((void)fit_preprocess(toy(), {{0}, {5}, {1}}, 1), GeneError);
}

TEST(Scaler, SubtractsDividesAndClamps) {
  Scaler scaler;
  scaler.mean = {1, 10};
  scaler.scale = {2, 0.5f};
  float x[] = {5, 10.25f, -99, 99};
  scaler.apply(x, 2);
  EXPECT_FLOAT_EQ(x[0], 2);
  EXPECT_FLOAT_EQ(x[1], 0.5f);
  EXPECT_FLOAT_EQ(x[2], -6);
  EXPECT_FLOAT_EQ(x[3], 6);
}

TEST(Scaler, CentresDividesAndClips) {
  constexpr float kClip = 2;
  constexpr std::int64_t kRows = 3;
  for (const std::int64_t columns : {1, 15, 16, 37}) {
    std::vector<float> mean, scale, x, expected;
    for (std::int64_t c = 0; c < columns; ++c) {
      mean.push_back(0.25f * static_cast<float>(c));
      scale.push_back(0.5f + 0.125f * static_cast<float>(c % 5));
    }
    for (std::int64_t i = 0; i < kRows * columns; ++i) {
      const auto c = static_cast<std::size_t>(i % columns);
      x.push_back(static_cast<float>(i * 7 % 23) - 11);
      const double z = (x.back() - mean[c]) / double{scale[c]};
      expected.push_back(static_cast<float>(std::max(-2.0, std::min(2.0, z))));
    }
    Scaler{mean, scale}.apply(x.data(), kRows, kClip);
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_FLOAT_EQ(x[i], expected[i]) << i << " of " << columns;
    }
  }
}

TEST(Scaler, AMissingValueStaysMissing) {
  std::vector<float> x{std::numeric_limits<float>::quiet_NaN(), 3};
  Scaler{{1}, {2}}.apply(x.data(), 2, 6);
  EXPECT_TRUE(std::isnan(x[0]));
  EXPECT_EQ(x[1], 1.0f);
}

}  // namespace
}  // namespace musl
