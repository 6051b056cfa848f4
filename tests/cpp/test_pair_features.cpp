#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "musl/descriptors.h"
#include "musl/error.h"
#include "musl/pair_features.h"
#include "musl/rng.h"

namespace musl {
namespace {

// Twelve genes: ten expressed, eight in a ring, nine embedded.
class PairFeatures : public ::testing::Test {
 protected:
  PairFeatures() : profiles_(10, 30), vectors_(9, 3) {
    Rng rng(1);
    for (Eigen::Index i = 0; i < profiles_.size(); ++i) {
      profiles_.data()[i] = 5 + rng.normal();
    }
    for (Eigen::Index i = 0; i < vectors_.size(); ++i) {
      vectors_.data()[i] = rng.normal();
    }
    input_.n_genes = 12;
    ExpressionInput cohort;
    cohort.name = "bulk";
    cohort.assays.emplace_back(profiles_.data(), 10, 30);
    for (int i = 0; i < 10; ++i) cohort.gene_of_row.push_back(i);
    input_.cohorts.push_back(cohort);
    for (int i = 0; i < 8; ++i) {
      input_.edge_from.push_back(i);
      input_.edge_to.push_back((i + 1) % 8);
      input_.edge_weight.push_back(1);
    }
    for (int i = 0; i < 9; ++i) input_.embedding_gene.push_back(i);
    input_.embeddings = &view_;
    for (std::int32_t a = 0; a < 12; ++a) {
      for (std::int32_t b = 0; b < a; ++b) {
        pairs_.a.push_back(a);
        pairs_.b.push_back(b);
      }
    }
  }

  /// A second cohort, of genes 4 to 8; the input refers to what it returns.
  [[nodiscard]] Eigen::MatrixXd add_cells() {
    Eigen::MatrixXd more(5, 20);
    Rng rng(2);
    std::generate_n(more.data(), more.size(), [&] { return rng.normal(); });
    ExpressionInput cells;
    cells.name = "cells";
    cells.assays.emplace_back(more.data(), 5, 20);
    cells.gene_of_row = {8, 7, 6, 5, 4};
    input_.cohorts.push_back(cells);
    return more;
  }

  [[nodiscard]] static Eigen::Index at(const FeatureTable& table,
                                       const std::string& name) {
    const auto found = std::find(table.names.begin(), table.names.end(), name);
    EXPECT_NE(found, table.names.end()) << name;
    return found - table.names.begin();
  }

  Eigen::MatrixXd profiles_;
  Eigen::MatrixXd vectors_;
  RMatrixView view_{vectors_.data(), 9, 3};
  DatasetInput input_;
  PairSet pairs_;
};

TEST_F(PairFeatures, HaveANameAColumn) {
  const auto store = make_feature_store(input_, 4, 1, 1);
  const auto pairs = pair_features(store, pairs_, 1);
  EXPECT_EQ(pairs.values.cols(), static_cast<int>(pairs.names.size()));
  // Source, topology, spectral, cosine, embedding.
  EXPECT_EQ(pairs.values.cols(),
            kDescriptors + 2 * kMarginals + kTopology + 2 * 4 + 1 + 2 * 3);
  const auto genes = gene_features(store);
  EXPECT_EQ(genes.values.cols(), static_cast<int>(genes.names.size()));
  EXPECT_EQ(genes.values.cols(), kMarginals + 1 + 4 + 3);
}

TEST_F(PairFeatures, AreMissingExactlyWhereAnInputLacksAGene) {
  const auto store = make_feature_store(input_, 4, 1, 1);
  const auto table = pair_features(store, pairs_, 1);
  for (std::size_t i = 0; i < pairs_.a.size(); ++i) {
    const auto row = table.values.row(static_cast<Eigen::Index>(i));
    const int last = std::max(pairs_.a[i], pairs_.b[i]);
    EXPECT_EQ(std::isnan(row[at(table, "bulk_pearson")]), last >= 10);
    EXPECT_EQ(std::isnan(row[at(table, "bulk_median_diff")]), last >= 10);
    EXPECT_EQ(std::isnan(row[at(table, "embedding_product_3")]), last >= 9);
    EXPECT_FALSE(std::isnan(row[at(table, "spectral_product_4")]));
  }
}

TEST_F(PairFeatures, OfGenesAreMissingExactlyWhereAnInputLacksThem) {
  const auto table = gene_features(make_feature_store(input_, 4, 1, 1));
  const auto degree = at(table, "degree"), vector = at(table, "embedding_1");
  for (Eigen::Index gene = 0; gene < 12; ++gene) {
    for (Eigen::Index k = 0; k < kMarginals; ++k) {
      EXPECT_EQ(std::isnan(table.values(gene, k)), gene >= 10);
    }
    EXPECT_FLOAT_EQ(table.values(gene, degree),
                    gene < 8 ? std::log(3.0F) : 0.0F);
    EXPECT_EQ(std::isnan(table.values(gene, vector)), gene >= 9);
  }
}

TEST_F(PairFeatures, GiveTheSameBitsForAnyThreadsAndOrderOfGenes) {
  const auto store = make_feature_store(input_, 4, 1, 1);
  const PairSet swapped{pairs_.b, pairs_.a, {}};
  const auto one = pair_features(store, pairs_, 1).values;
  const auto two = pair_features(store, swapped, 2).values;
  for (Eigen::Index i = 0; i < one.size(); ++i) {
    const float x = one.data()[i], y = two.data()[i];
    EXPECT_TRUE(x == y || (std::isnan(x) && std::isnan(y)));
  }
}

TEST_F(PairFeatures, SimpleScoresNeedNoRank) {
  const auto table =
      simple_scores(make_feature_store(input_, 0, 1, 1), pairs_, 1);
  EXPECT_EQ(table.names,
            (std::vector<std::string>{"ppi_degree", "common_neighbours",
                                      "pearson", "cosine"}));
  // Genes 2 and 0 of the ring: two neighbours each, 1 between them.
  EXPECT_FLOAT_EQ(table.values(1, 0), 2 * std::log(3.0f));
  EXPECT_FLOAT_EQ(table.values(1, 1), std::log(2.0f));
}

const char* const kNames[] = {"mean",     "sd",        "cv",    "skewness",
                              "kurtosis", "detection", "median"};

TEST_F(PairFeatures, OfCohortsAreSumsAndDistancesOfMarginals) {
  const Eigen::MatrixXd more = add_cells();
  const auto store = make_feature_store(input_, 4, 1, 1);
  const auto table = pair_features(store, pairs_, 1);
  for (std::size_t i = 0; i < pairs_.a.size(); ++i) {
    const auto a = pairs_.a[i], b = pairs_.b[i];
    const auto row = table.values.row(static_cast<Eigen::Index>(i));
    for (const auto& cohort : store.cohorts) {
      const std::string prefix = cohort.name + "_";
      EXPECT_EQ(std::isnan(row[at(table, prefix + "mean_sum")]),
                !cohort.has_pair(a, b));
      if (!cohort.has_pair(a, b)) continue;
      const int x = cohort.row_of_gene[static_cast<std::size_t>(a)];
      const int y = cohort.row_of_gene[static_cast<std::size_t>(b)];
      for (int m = 0; m < kMarginals; ++m) {
        const float p = cohort.marginals(x, m), q = cohort.marginals(y, m);
        const std::string name = prefix + kNames[m];
        EXPECT_EQ(row[at(table, name + "_sum")], p + q) << name;
        EXPECT_EQ(row[at(table, name + "_diff")], std::abs(p - q)) << name;
      }
      EXPECT_NEAR(row[at(table, prefix + "pearson")],
                  cohort.standardised.row(x).dot(cohort.standardised.row(y)),
                  1e-5);
    }
  }
}

// A model keeps halves of them (11 bits) and would be wrong by about 1e-4.
TEST_F(PairFeatures, CorrelationsAreThoseOfValuesInFullPrecision) {
  const auto store = make_feature_store(input_, 4, 1, 1);
  const auto table = pair_features(store, pairs_, 1);
  const auto scores = simple_scores(store, pairs_, 1);
  for (std::size_t i = 0; i < pairs_.a.size(); ++i) {
    if (pairs_.a[i] >= 10) continue;  // the later gene
    const auto row = static_cast<Eigen::Index>(i);
    const Eigen::ArrayXd x =
        profiles_.row(pairs_.a[i]).array() - profiles_.row(pairs_.a[i]).mean();
    const Eigen::ArrayXd y =
        profiles_.row(pairs_.b[i]).array() - profiles_.row(pairs_.b[i]).mean();
    const double pearson =
        (x * y).sum() / std::sqrt(x.square().sum() * y.square().sum());
    EXPECT_NEAR(table.values(row, at(table, "bulk_pearson")), pearson, 2e-6);
    EXPECT_NEAR(scores.values(row, at(scores, "pearson")), pearson, 2e-6);
  }
}

TEST_F(PairFeatures, OfNetworkAndEmbeddingsAreDistancesAndProducts) {
  const auto store = make_feature_store(input_, 4, 1, 1);
  const auto table = pair_features(store, pairs_, 1);
  for (std::size_t i = 0; i < pairs_.a.size(); ++i) {
    const auto a = pairs_.a[i], b = pairs_.b[i];
    const auto row = table.values.row(static_cast<Eigen::Index>(i));
    std::vector<float> topology(kTopology);
    pair_topology(store.network, a, b, topology.data());
    for (int t = 0; t < kTopology; ++t) {
      const auto name = topology_names()[static_cast<std::size_t>(t)];
      EXPECT_EQ(row[at(table, name)], topology[static_cast<std::size_t>(t)]);
    }
    for (int k = 0; k < 4; ++k) {
      const float p = store.spectral(a, k), q = store.spectral(b, k);
      const std::string end = "_" + std::to_string(k + 1);
      EXPECT_EQ(row[at(table, "spectral_diff" + end)], std::abs(p - q));
      EXPECT_EQ(row[at(table, "spectral_product" + end)], p * q);
    }
    if (a >= 9) continue;  // the later gene
    const Eigen::RowVectorXd p = vectors_.row(a), q = vectors_.row(b);
    EXPECT_NEAR(row[at(table, "embedding_cosine")],
                p.dot(q) / p.norm() / q.norm(), 1e-5);
    for (int k = 0; k < 3; ++k) {
      const std::string end = "_" + std::to_string(k + 1);
      EXPECT_NEAR(row[at(table, "embedding_diff" + end)], std::abs(p[k] - q[k]),
                  1e-5);
      EXPECT_NEAR(row[at(table, "embedding_product" + end)], p[k] * q[k], 1e-5);
    }
  }
}

TEST_F(PairFeatures, OfGenesHoldWhatTheirNamesSay) {
  const Eigen::MatrixXd more = add_cells();
  const auto store = make_feature_store(input_, 4, 1, 1);
  const auto genes = gene_features(store);
  for (int g = 0; g < 12; ++g) {
    const auto row = genes.values.row(g);
    const int cell = store.cohorts[1].row_of_gene[static_cast<std::size_t>(g)];
    for (int m = 0; m < kMarginals; ++m) {
      const float found = row[at(genes, std::string("cells_") + kNames[m])];
      EXPECT_EQ(std::isnan(found), cell < 0);
      if (cell < 0) continue;
      EXPECT_EQ(found, store.cohorts[1].marginals(cell, m));
    }
    for (int k = 0; k < 4; ++k) {
      EXPECT_EQ(row[at(genes, "spectral_" + std::to_string(k + 1))],
                store.spectral(g, k));
    }
    if (g >= 9) continue;
    EXPECT_NEAR(row[at(genes, "embedding_3")], vectors_(g, 2), 1e-6);
  }
}

TEST_F(PairFeatures, WideEmbeddingsAreOnTheirLeadingAxes) {
  for (const int rank : {2, 3}) {
    const auto store = make_feature_store(input_, rank, 1, 1);
    ASSERT_EQ(store.embedding.cols(), rank);
    // Products of the best approximation of that rank (Eckart and Young).
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(vectors_, Eigen::ComputeThinU);
    const Eigen::MatrixXd best = svd.matrixU().leftCols(rank) *
                                 svd.singularValues().head(rank).asDiagonal();
    const Eigen::MatrixXd found = store.embedding.topRows(9).cast<double>();
    EXPECT_LT((found * found.transpose() - best * best.transpose()).norm(),
              1e-4);
    EXPECT_TRUE(store.embedding.bottomRows(3).isZero(0));
    if (rank == 2) {
      EXPECT_NEAR(found.col(0).norm(), svd.singularValues()[0], 1e-4);
    }
  }
}

TEST_F(PairFeatures, SimpleScoresFollowTheirDefinitions) {
  const auto store = make_feature_store(input_, 0, 1, 1);
  EXPECT_EQ(store.spectral.cols(), 0);
  EXPECT_EQ(store.embedding.cols(), 0);
  // More than one piece of 256 pairs.
  PairSet many;
  while (many.size() < 600) many = joined(many, pairs_);
  const auto table = simple_scores(store, many, 2);
  ASSERT_EQ(table.values.rows(), many.size());
  const auto degree = [](int g) { return g < 8 ? 2 : 0; };
  for (std::size_t i = 0; i < many.a.size(); ++i) {
    const auto a = many.a[i], b = many.b[i];
    const auto row = table.values.row(static_cast<Eigen::Index>(i));
    EXPECT_NEAR(row[0], std::log((1.0 + degree(a)) * (1 + degree(b))), 1e-5);
    const int apart = (a - b) % 8;
    const int common = a < 8 && (apart == 2 || apart == 6) ? 1 : 0;
    EXPECT_NEAR(row[1], std::log1p(common), 1e-6) << a << " " << b;
    const auto& x = store.cohorts[0].standardised;
    EXPECT_EQ(std::isnan(row[2]), a >= 10);
    EXPECT_EQ(std::isnan(row[3]), a >= 9);
    if (a >= 10) continue;
    EXPECT_NEAR(row[2], x.row(a).dot(x.row(b)), 1e-5);
    if (a >= 9) continue;
    const Eigen::RowVectorXd p = vectors_.row(a), q = vectors_.row(b);
    EXPECT_NEAR(row[3], p.dot(q) / p.norm() / q.norm(), 1e-5);
  }
}

TEST_F(PairFeatures, LeaveOutAnInputThatIsAbsent) {
  DatasetInput bare;
  bare.n_genes = 12;
  const auto store = make_feature_store(bare, 4, 1, 1);
  EXPECT_TRUE(pair_features(store, pairs_, 1).names.empty());
  EXPECT_TRUE(gene_features(store).names.empty());
  EXPECT_TRUE(simple_scores(store, pairs_, 1).names.empty());
}

TEST_F(PairFeatures, RefuseGenesOutsideTheUniverse) {
  const auto store = make_feature_store(input_, 4, 1, 1);
  EXPECT_THROW((void)pair_features(store, {{12}, {0}, {}}, 1), GeneError);
  input_.embedding_gene[0] = 12;
  EXPECT_THROW((void)make_feature_store(input_, 4, 1, 1), GeneError);
}

}  // namespace
}  // namespace musl
