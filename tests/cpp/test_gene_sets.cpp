#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "dense_solvers.h"
#include "features/evidence.h"
#include "store/network.h"
#include "store/paralogs.h"
#include "store/shared_sets.h"

namespace musl {
namespace {

const float kAll = std::numeric_limits<float>::infinity();

/// Sets of 1, 2, 3 and 4 genes in two branches; gene 5 is outside of five, and
/// a membership is told twice.
GeneSetsInput some_input() {
  return {{0, 1, 0, 2, 1, 0, 0, 1, 2, 5, 5},
          {0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3},
          {0, 1, 1, 0},
          {"x", "y"}};
}

TEST(GeneSets, AreThoseOfAllowedSizes) {
  const GeneSets all = make_gene_sets(some_input(), 5, 1, kAll);
  EXPECT_EQ(all.size, (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(all.branch, (std::vector<std::int32_t>{0, 1, 1, 0}));
  EXPECT_EQ(all.branches, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(all.n_annotated, 4);
  EXPECT_EQ(all.offset, (std::vector<std::int64_t>{0, 4, 7, 9, 9, 9}));
  EXPECT_EQ(all.set, (std::vector<std::int32_t>{0, 1, 2, 3, 1, 2, 3, 2, 3}));
  // Of two to three genes: numbered anew.
  const GeneSets some = make_gene_sets(some_input(), 5, 2, 3);
  EXPECT_EQ(some.size, (std::vector<float>{2, 3}));
  EXPECT_EQ(some.branch, (std::vector<std::int32_t>{1, 1}));
  EXPECT_EQ(some.n_annotated, 4);
  EXPECT_EQ(some.set, (std::vector<std::int32_t>{0, 1, 0, 1, 1}));
  EXPECT_TRUE(make_gene_sets({}, 5, 1, kAll).empty());
}

TEST(GeneSets, InformationIsTheLogOfTheShareOfAnnotatedGenes) {
  const GeneSets sets = make_gene_sets(some_input(), 5, 1, kAll);
  EXPECT_FLOAT_EQ(information(sets, 0), std::log(4.0F));
  EXPECT_FLOAT_EQ(information(sets, 2), std::log(4.0F / 3));
  EXPECT_FLOAT_EQ(information(sets, 3), 0);
}

TEST(GeneSets, SharedOnesAreThoseOfBothGenes) {
  const GeneSets sets = make_gene_sets(some_input(), 5, 1, kAll);
  std::vector<std::int32_t> shared;
  for_shared_sets(sets, 0, 2, [&](std::int32_t s) { shared.push_back(s); });
  EXPECT_EQ(shared, (std::vector<std::int32_t>{2, 3}));
  shared.clear();
  for_shared_sets(sets, 0, 3, [&](std::int32_t s) { shared.push_back(s); });
  EXPECT_TRUE(shared.empty());
}

TEST(GeneSets, TwinsHaveTheSameSets) {
  GeneSetsInput input{{0, 1, 2, 3, 0, 1}, {0, 0, 0, 1, 1, 1}, {0, 0}, {"x"}};
  const auto twins = count_twins(make_gene_sets(input, 5, 1, kAll));
  EXPECT_EQ(std::vector<float>(twins.begin(), twins.begin() + 4),
            (std::vector<float>{2, 2, 1, 1}));
  EXPECT_TRUE(std::isnan(twins[4]));
}

/// Sets of random sizes over `n` genes, the last of which is in none.
GeneSets random_sets(std::int32_t n, std::int32_t n_sets) {
  Rng rng(5);
  GeneSetsInput input;
  input.branches = {"x"};
  for (std::int32_t s = 0; s < n_sets; ++s) {
    input.branch_of_set.push_back(0);
    const auto size = 2 + rng.below(8);
    for (std::uint64_t i = 0; i < size; ++i) {
      input.gene.push_back(static_cast<std::int32_t>(rng.below(n - 1)));
      input.set.push_back(s);
    }
  }
  return make_gene_sets(input, n, 1, kAll);
}

/// (G, T) unit rows of the information of a gene's sets.
Eigen::MatrixXd dense_rows(const GeneSets& sets) {
  const auto n = static_cast<Eigen::Index>(sets.offset.size()) - 1;
  Eigen::MatrixXd out =
      Eigen::MatrixXd::Zero(n, static_cast<Eigen::Index>(sets.size.size()));
  for (Eigen::Index g = 0; g < n; ++g) {
    for_shared_sets(sets, static_cast<std::int32_t>(g),
                    static_cast<std::int32_t>(g), [&](std::int32_t s) {
                      out(g, s) = static_cast<double>(information(sets, s));
                    });
    const double norm = out.row(g).norm();
    if (norm > 0) out.row(g) /= norm;
  }
  return out;
}

TEST(GeneSetAxes, AreTheLeadingAxesOfUnitRows) {
  const GeneSets sets = random_sets(60, 40);
  const Eigen::MatrixXd dense = dense_rows(sets);
  const auto svd = testing::dense_svd(dense);
  for (const int rank : {3, 12}) {
    const Matrix found = gene_set_axes(sets, rank, 1, 1);
    ASSERT_EQ(found.cols(), rank);
    for (int k = 0; k < rank; ++k) {
      const Eigen::VectorXd column = found.col(k).cast<double>();
      EXPECT_NEAR(column.norm() / svd.values[k], 1, 4e-5) << k;
      EXPECT_NEAR(std::abs(column.normalized().dot(svd.u.col(k))), 1, 0.03)
          << k;
    }
    EXPECT_TRUE(found.row(59).isZero(1e-6F));
    EXPECT_EQ(gene_set_axes(sets, rank, 1, 3), found);
  }
}

TEST(GeneSetAxes, KeepAllProductsWhereThereAreEnough) {
  // More axes than sets, or than genes.
  for (const auto& sets : {random_sets(60, 9), random_sets(12, 30)}) {
    const Eigen::MatrixXd dense = dense_rows(sets);
    const Eigen::MatrixXd found = gene_set_axes(sets, 64, 1, 1).cast<double>();
    EXPECT_EQ(found.cols(), std::min(dense.rows(), dense.cols()));
    EXPECT_LT((found * found.transpose() - dense * dense.transpose())
                  .cwiseAbs()
                  .maxCoeff(),
              1e-3);
  }
}

TEST(GeneSetAxes, OfAlikeGenesHaveZerosBeyondTheirRank) {
  // Two genes in one set, two in another: two axes, and no rounding errors.
  const GeneSets sets =
      make_gene_sets({{0, 1, 2, 3}, {0, 0, 1, 1}, {0, 0}, {"x"}}, 5, 1, kAll);
  const Matrix found = gene_set_axes(sets, 2, 1, 1);
  ASSERT_EQ(found.cols(), 2);
  EXPECT_NEAR(found.row(0).dot(found.row(1)), 1, 1e-5);
  EXPECT_NEAR(found.row(0).dot(found.row(2)), 0, 1e-5);
  EXPECT_TRUE(found.row(4).isZero(1e-6F));
  // The same set thrice has one.
  const GeneSets thrice = make_gene_sets(
      {{0, 1, 0, 1, 0, 1, 2}, {0, 0, 1, 1, 2, 2, 3}, {0, 0, 0, 0}, {"x"}}, 3, 1,
      kAll);
  const Matrix axes = gene_set_axes(thrice, 3, 1, 1);
  EXPECT_TRUE(axes.col(2).isZero(0));
  EXPECT_FALSE(axes.col(1).isZero(0));
}

// Gene 0 is aligned with 60 others: 20 that score 3, 20 that score 5 and 20
// that score 4, in turn. Those have no other paralog.
TEST(Paralogs, OfTheSameScoreShareTheBestRank) {
  ParalogsInput input;
  input.searched.assign(61, 1);
  std::vector<float> expected;
  for (std::int32_t other = 1; other < 61; ++other) {
    const float score[] = {3, 5, 4}, rank[] = {41, 1, 21};
    input.a.push_back(0);
    input.b.push_back(other);
    input.identity.push_back(.5F);
    input.coverage.push_back(.5F);
    input.score.push_back(score[other % 3]);
    expected.push_back(rank[other % 3]);
  }
  expected.resize(120, 1);
  EXPECT_EQ(make_paralogs(input, 61).rank, expected);
}

TEST(GeneSets, TellsWhatPairsShareAndWhoIsInASet) {
  const GeneSets sets = make_gene_sets(some_input(), 5, 1, kAll);
  const SharedSets found = shared_sets(sets, {{0, 0, 3}, {1, 2, 4}, {}});
  EXPECT_EQ(found.pair, (std::vector<std::int32_t>{0, 0, 0, 1, 1}));
  EXPECT_EQ(found.set, (std::vector<std::int32_t>{1, 2, 3, 2, 3}));
  EXPECT_THROW((void)shared_sets(sets, {{0}, {5}, {}}), GeneError);
  EXPECT_TRUE(shared_sets({}, {{0}, {1}, {}}).set.empty());
  // Gene 5 of the last set is outside of the universe.
  EXPECT_EQ(set_members(sets, {3, 0}),
            (std::vector<std::vector<std::int32_t>>{{0, 1, 2}, {0}}));
}

TEST(GeneStore, ReadsTermsOfTwoToThreeHundredGenes) {
  EvidenceInput input;
  input.n_genes = 400;
  const std::vector<std::int32_t> sizes = {1, 2, 300, 301};
  for (std::size_t set = 0; set < sizes.size(); ++set) {
    for (std::int32_t gene = 0; gene < sizes[set]; ++gene) {
      input.part<SetInputs>().terms.gene.push_back(gene);
      input.part<SetInputs>().terms.set.push_back(
          static_cast<std::int32_t>(set));
    }
  }
  input.part<SetInputs>().terms.branch_of_set.assign(sizes.size(), 0);
  input.part<SetInputs>().terms.branches = {"BP"};
  const auto store = make_evidence_store(input, 1, 1);
  EXPECT_EQ(store.part<Terms>().sets.size, (std::vector<float>{2, 300}));
}

TEST(GeneStore, HasSixtyFourCoordinatesOfTheNetwork) {
  EvidenceInput input;
  input.n_genes = 200;
  for (std::int32_t gene = 0; gene < 200; ++gene) {
    for (const std::int32_t step : {1, 7}) {
      input.edge_from.push_back(gene);
      input.edge_to.push_back((gene + step) % 200);
      input.edge_weight.push_back(1);
    }
  }
  EXPECT_EQ(make_evidence_store(input, 1, 1).part<Network>().rows.width, 64);
}

}  // namespace
}  // namespace musl
