#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "expression_fixture.h"
#include "features/dataset_evidence.h"
#include "features/evidence.h"
#include "features/network_evidence.h"
#include "features/partner_evidence.h"
#include "features/store_evidence.h"
#include "graph/csr_graph.h"
#include "model/list_order.h"
#include "store/gene_sets.h"
#include "store/gene_store.h"
#include "store/network.h"

namespace musl {
namespace {

constexpr std::int32_t kGenes = 60;
constexpr int kSamples = 20;

/// Families of six genes: all edges within, of weight 2, .5 in the first.
CsrGraph families() {
  std::vector<std::int32_t> from, to;
  std::vector<float> weight;
  for (std::int32_t a = 0; a < kGenes; ++a) {
    for (std::int32_t b = a + 1; b < kGenes && b / 6 == a / 6; ++b) {
      from.push_back(a);
      to.push_back(b);
      weight.push_back(a < 6 ? .5F : 2.0F);
    }
  }
  return make_graph(kGenes, from, to, weight);
}

/// Gene g has mean g and a profile of its own; the last gene has no row.
std::vector<ExpressionCohort> cohort_of_means() {
  Eigen::MatrixXd x = .1 * testing::normal_matrix(kGenes, kSamples, 3);
  for (Eigen::Index g = 0; g < kGenes; ++g) {
    x.row(g).array() += static_cast<double>(g);
  }
  std::vector<ExpressionCohort> out{testing::make_cohort({x})};
  out[0].row_of_gene.back() = -1;
  return out;
}

/// Of two genes of a family, which share four neighbours of degree 5 where
/// their degrees let expect a third of one.
double beyond_chance(double weight) {
  return std::log1p((4 - 1.0 / 3) / std::log(5.0)) +
         3 * weight / (1 + 25.0 / 300);
}

double correlation(const ExpressionCohort& cohort, int a, int b) {
  return static_cast<double>(
      cohort.standardised.row(a).dot(cohort.standardised.row(b)));
}

Dataset data_of(std::vector<ExpressionCohort> cohorts, CsrGraph network) {
  Dataset out;
  out.n_genes = kGenes;
  out.cohorts = std::move(cohorts);
  out.network = std::move(network);
  return out;
}

/// Evidence of one pair.
struct OnePair {
  double pair, network, correlation, genes;
};
OnePair of(const PartnerEvidence& evidence, std::int32_t a, std::int32_t b) {
  const auto found = evidence.of({{a}, {b}, {}}, 1);
  return {found.pair[0], found.network[0], found.correlation[0],
          found.genes[0]};
}

TEST(PartnerEvidence, AddsSharedNeighboursEdgeAndCorrelation) {
  const auto data = data_of(cohort_of_means(), families());
  const auto& cohorts = data.cohorts;
  const DatasetEvidence evidence(data, nullptr);
  const auto expected = [&](int a, int b, double edge) {
    const double r = std::max(0.0, correlation(cohorts[0], a, b));
    return beyond_chance(edge) + 3 * r * r;
  };
  EXPECT_NEAR(of(evidence, 1, 4).pair, expected(1, 4, .5), 1e-6);
  EXPECT_NEAR(of(evidence, 7, 9).pair, expected(7, 9, 1), 1e-6);
  EXPECT_EQ(of(evidence, 9, 7).pair, of(evidence, 7, 9).pair);
  const double r = std::max(0.0, correlation(cohorts[0], 1, 20));
  EXPECT_NEAR(of(evidence, 1, 20).pair, 3 * r * r, 1e-6);
  // Without a row there is no correlation.
  EXPECT_NEAR(of(evidence, 58, 59).pair, beyond_chance(1), 1e-6);
}

// As of 134 million values on, by default.
TEST(PartnerEvidence, CorrelatesGenesOfCohortsThatAreLookedUp) {
  const Eigen::MatrixXd x = testing::normal_matrix(kGenes, kSamples, 4);
  ExpressionConfig config;
  const auto cohort_of = [&] {
    return std::vector<ExpressionCohort>{
        testing::make_cohort({x}, config, /*linear=*/false, /*compact=*/true)};
  };
  const auto stored = data_of(cohort_of(), families());
  config.most_stored = 0;
  const auto looked_up = data_of(cohort_of(), families());
  ASSERT_NE(looked_up.cohorts[0].tables, nullptr);
  const DatasetEvidence plain(stored, nullptr), other(looked_up, nullptr);
  for (std::int32_t b = 1; b < kGenes; ++b) {
    EXPECT_NEAR(of(plain, 0, b).correlation,
                correlation(stored.cohorts[0], 0, b), 1e-6);
    EXPECT_EQ(of(other, 0, b).correlation, of(plain, 0, b).correlation);
    EXPECT_EQ(of(other, 0, b).pair, of(plain, 0, b).pair);
  }
}

TEST(NetworkEvidence, OfAHubIsWhatChanceLeaves) {
  // A ring of 20 nodes and a hub that is a neighbour of all.
  constexpr std::int32_t kRing = 20;
  std::vector<std::int32_t> from, to;
  for (std::int32_t i = 0; i < kRing; ++i) {
    from.insert(from.end(), {i, i});
    to.insert(to.end(), {(i + 1) % kRing, kRing});
  }
  const std::vector<float> weight(from.size(), 1);
  const auto graph = make_graph(kRing + 2, from, to, weight);
  const NetworkEvidence evidence(graph);
  // Nodes of the ring have three edges, the hub 20; 80 ends in all.
  const double per_degrees =
      (kRing * 3 * 2 / std::log(3.0) + 20 * 19 / std::log(20.0)) / (80 * 80);
  const double with_hub =
      std::max(0.0, 2 / std::log(3.0) - 3 * 20 * per_degrees);
  EXPECT_NEAR(evidence.of(0, kRing),
              std::log1p(with_hub) + 3 / (1 + 3 * 20 / 80.0), 1e-12);
  const double one_apart =
      1 / std::log(3.0) + 1 / std::log(20.0) - 9 * per_degrees;
  EXPECT_NEAR(evidence.of(0, 2), std::log1p(one_apart), 1e-12);
  EXPECT_NEAR(
      evidence.of(3, 4),
      std::log1p(1 / std::log(20.0) - 9 * per_degrees) + 3 / (1 + 9 / 80.0),
      1e-12);
  // Without an edge there is nothing.
  EXPECT_EQ(evidence.of(0, kRing + 1), 0);
  EXPECT_EQ(evidence.of(kRing, 5), evidence.of(5, kRing));
}

TEST(PartnerEvidence, LevelIsThePercentileOfTheLowerGene) {
  const auto data = data_of(cohort_of_means(), {});
  const DatasetEvidence evidence(data, nullptr);
  EXPECT_NEAR(of(evidence, 10, 40).genes, 3 * 10.5 / 59, 1e-6);
  EXPECT_NEAR(of(evidence, 40, 10).genes, 3 * 10.5 / 59, 1e-6);
  // A gene without expression counts as the middle of all.
  EXPECT_NEAR(of(evidence, 50, 59).genes, 1.5, 1e-6);
  EXPECT_NEAR(of(evidence, 10, 59).genes, 3 * 10.5 / 59, 1e-6);
}

TEST(PartnerEvidence, IsZeroWithoutInputs) {
  const auto data = data_of({}, {});
  const DatasetEvidence evidence(data, nullptr);
  EXPECT_TRUE(evidence.is_empty());
  EXPECT_EQ(of(evidence, 0, 1).pair, 0);
  EXPECT_EQ(of(evidence, 0, 1).genes, 0);
}

/// SL pairs within families, or any.
PairSet drawn_pairs(bool of_families) {
  PairSet out;
  Rng rng(5);
  for (std::int32_t a = 0; a < kGenes; ++a) {
    for (std::int32_t b = a + 1; b < kGenes; ++b) {
      const bool chosen = of_families ? a / 6 == b / 6 : rng.below(10) == 0;
      if (!chosen) continue;
      out.a.push_back(a);
      out.b.push_back(b);
    }
  }
  return out;
}

EvidenceTest test_of(const PairSet& sl, int threads = 1) {
  static const auto data = data_of({}, families());
  return test_evidence(DatasetEvidence(data, nullptr), sl, 1, threads);
}

TEST(PartnerEvidence, TellsPairsOfFamiliesFromTheirGenesPairedAnew) {
  // Pairs within a family are all taken, so that no new pair has evidence.
  const auto of_families = test_of(drawn_pairs(true));
  EXPECT_EQ(of_families.pair.auroc, 1);
  EXPECT_EQ(of_families.network.auroc, 1);
  EXPECT_TRUE(of_families.tells());
  const auto any = test_of(drawn_pairs(false), 2);
  EXPECT_LT(any.pair.lower, .5);
  EXPECT_GT(any.pair.upper, .5);
  EXPECT_FALSE(any.tells());
}

TEST(PartnerEvidence, DoesNotTellWhereAPartSaysTheOpposite) {
  // Genes of a family have opposite profiles, other genes none in common.
  Eigen::MatrixXd x = testing::normal_matrix(kGenes, 40, 3);
  for (Eigen::Index g = 1; g < kGenes; g += 2) {
    x.row(g) = -x.row(g - 1) + .1 * x.row(g);
  }
  const auto data = data_of({testing::make_cohort({x})}, families());
  const PairSet sl = drawn_pairs(true);
  const auto all = test_evidence(DatasetEvidence(data, nullptr), sl, 1, 1);
  EXPECT_GT(all.pair.lower, .5);
  EXPECT_LT(all.correlation.auroc, .5);
  EXPECT_EQ(all.tells(), !(all.correlation.upper < .5));
  EvidenceTest against = all;
  against.correlation.upper = .4;
  EXPECT_FALSE(against.tells());
  against = all;
  against.network.upper = .4;
  EXPECT_FALSE(against.tells());
}

TEST(PartnerEvidence, NeedsAHundredPairsAndEvidence) {
  auto few = drawn_pairs(true);
  few.a.resize(99);
  few.b.resize(99);
  EXPECT_TRUE(std::isnan(test_of(few).pair.auroc));
  EXPECT_FALSE(test_of(few).tells());
  const auto nothing = data_of({}, {});
  EXPECT_FALSE(
      test_evidence(DatasetEvidence(nothing, nullptr), drawn_pairs(true), 1, 1)
          .tells());
}

/// The network of families() and a protein family of each three genes.
GeneStore annotated_families() {
  EvidenceInput input;
  input.n_genes = kGenes;
  for (std::int32_t a = 0; a < kGenes; ++a) {
    input.part<SetInputs>().families.gene.push_back(a);
    input.part<SetInputs>().families.set.push_back(a / 3);
    for (std::int32_t b = a + 1; b < kGenes && b / 6 == a / 6; ++b) {
      input.edge_from.push_back(a);
      input.edge_to.push_back(b);
      input.edge_weight.push_back(1);
    }
  }
  input.part<SetInputs>().families.branch_of_set.assign(kGenes / 3, 0);
  input.part<SetInputs>().families.branches = {"family"};
  return make_evidence_store(input, 1, 1);
}

// Of a store: 3 each for families of 30, 10 and 3 genes, 5/3 for the family of
// three, 3 for the same families.
constexpr double kOneFamily = 3 + 3 + 3 + 5.0 / 3 + 3;

TEST(PartnerEvidence, OfAStoreAddsAQuarterOfAnnotation) {
  const auto store = annotated_families();
  const double near = beyond_chance(1);
  const PairSet pairs{{0, 0, 2, 0}, {1, 5, 0, 30}, {}};
  const auto found = StoreEvidence(store).of(pairs, 1);
  EXPECT_NEAR(found.pair[0], near + .25 * kOneFamily, 1e-5);
  EXPECT_NEAR(found.pair[1], near, 1e-5);
  EXPECT_NEAR(found.pair[2], near + .25 * kOneFamily, 1e-5);
  EXPECT_EQ(found.pair[3], 0);
  EXPECT_NEAR(found.network[0], near, 1e-5);
  EXPECT_EQ(found.genes, std::vector<double>(4, 0.0));
}

TEST(PartnerEvidence, OfAStoreIsThatOfItsNetwork) {
  const auto data = data_of({}, families());
  const DatasetEvidence evidence(data, nullptr);
  const auto pairs = drawn_pairs(false);
  const auto store = annotated_families();
  const auto found = StoreEvidence(store).of(pairs, 2);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto a = pairs.a[i], b = pairs.b[i];
    if (a < 6 && b < 6) continue;  // edges of weight .5 there
    EXPECT_NEAR(found.network[i], of(evidence, a, b).network, 1e-5);
  }
}

TEST(PartnerEvidence, OfADatasetAddsAnnotation) {
  const auto store = annotated_families();
  const GeneStore annotation = annotation_of(store);
  const auto data = data_of({}, store.part<Network>().graph);
  const PairSet pairs{{0, 0, 2, 0}, {1, 5, 0, 30}, {}};
  const auto found = DatasetEvidence(data, &annotation).of(pairs, 1);
  const auto expected = StoreEvidence(store).of(pairs, 1);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(found.pair[i], expected.pair[i], 1e-5);
    EXPECT_EQ(found.network[i], expected.network[i]);
  }
}

TEST(PartnerEvidence, OrdersListsWithTheScore) {
  const auto store = annotated_families();
  const PairSet pairs{{0, 0, 0}, {1, 30, 40}, {}};
  const std::vector<double> score{-2, 4, std::nan("")};
  const auto sl = drawn_pairs(true);
  EXPECT_TRUE(test_evidence(StoreEvidence(store), sl, 1, 1).tells());
  const auto by = order_by_evidence(StoreEvidence(store).of(pairs, 1), score);
  ASSERT_EQ(by.size(), 3);
  EXPECT_NEAR(by[0], -.5 + beyond_chance(1) + .25 * kOneFamily, 1e-5);
  EXPECT_NEAR(by[1], 1, 1e-6);
  EXPECT_TRUE(std::isnan(by[2]));
  // Evidence does not tell pairs drawn at random.
  EXPECT_FALSE(
      test_evidence(StoreEvidence(store), drawn_pairs(false), 1, 1).tells());
}

}  // namespace
}  // namespace musl
