#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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
    ExpressionInput source;
    source.name = "bulk";
    source.assays.emplace_back(profiles_.data(), 10, 30);
    for (int i = 0; i < 10; ++i) source.gene_of_row.push_back(i);
    input_.sources.push_back(source);
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
