#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <string>

#include "base/error.h"
#include "base/matrix.h"
#include "data/dataset.h"
#include "expression_fixture.h"

namespace musl {
namespace {

using testing::normal_matrix;

using Genes = std::vector<std::int32_t>;

/// Input whose memory it owns.
struct ToyInput {
  std::vector<std::unique_ptr<Eigen::MatrixXd>> values;
  std::unique_ptr<RMatrixView> embeddings;
  DatasetInput input;

  explicit ToyInput(std::int64_t n_genes) { input.n_genes = n_genes; }

  void add_cohort(const std::string& name, const Eigen::MatrixXd& x,
                  const Genes& genes) {
    values.push_back(std::make_unique<Eigen::MatrixXd>(x));
    ExpressionInput cohort;
    cohort.name = name;
    cohort.assays.emplace_back(values.back()->data(), x.rows(), x.cols());
    cohort.gene_of_row = genes;
    input.cohorts.push_back(cohort);
  }
  void add_embeddings(const Eigen::MatrixXd& x, const Genes& genes) {
    values.push_back(std::make_unique<Eigen::MatrixXd>(x));
    embeddings = std::make_unique<RMatrixView>(values.back()->data(), x.rows(),
                                               x.cols());
    input.embeddings = embeddings.get();
    input.embedding_gene = genes;
  }
  void add_edges(const Genes& from, const Genes& to) {
    input.edge_from = from;
    input.edge_to = to;
    input.edge_weight.assign(from.size(), 1.0f);
  }
  [[nodiscard]] Dataset make(const ArchitectureConfig& architecture = {},
                             const Dataset* known = nullptr,
                             const Genes& gene_of = {}, int threads = 1) const {
    return make_dataset(input, architecture, known, gene_of, /*seed=*/1,
                        threads);
  }
};

/// Six genes: a path 0 - 1 - 2 - 3, gene 4 with an embedding only, gene 5 with
/// expression only.
ToyInput toy() {
  ToyInput toy(6);
  toy.add_cohort("bulk", normal_matrix(4, 30, 1), {5, 1, 2, 0});
  toy.add_cohort("cells", normal_matrix(2, 20, 2), {3, 2});
  toy.add_edges({0, 1, 2}, {1, 2, 3});
  Eigen::MatrixXd embeddings(3, 2);
  embeddings << 1, 2, 3, 6, 8, 9;
  toy.add_embeddings(embeddings, {0, 2, 4});
  return toy;
}

std::vector<std::string> block_names(const Dataset& data) {
  std::vector<std::string> names;
  for (const auto& b : data.blocks) names.push_back(b.name);
  return names;
}

NodeBlock block(const Dataset& data, const std::string& name) {
  for (const auto& b : data.blocks) {
    if (b.name == name) return b;
  }
  throw InternalError("no block " + name);
}

void expect_same_blocks(const Dataset& one, const Dataset& other) {
  ASSERT_EQ(one.blocks.size(), other.blocks.size());
  for (std::size_t b = 0; b < one.blocks.size(); ++b) {
    EXPECT_EQ(one.blocks[b].values, other.blocks[b].values)
        << one.blocks[b].name;
  }
}

TEST(MakeDataset, TheOrderOfSamplesLeavesTheBits) {
  const Eigen::MatrixXd x = normal_matrix(60, 41, 3);
  Genes genes(60);
  std::iota(genes.begin(), genes.end(), 0);
  const auto made = [&](const Eigen::MatrixXd& values, int threads) {
    ToyInput toy(60);
    toy.add_cohort("bulk", values, genes);
    return toy.make({}, nullptr, {}, threads);
  };
  const Dataset one = made(x, 1), other = made(x.rowwise().reverse(), 3);
  expect_same_blocks(one, other);
  const ExpressionCohort &a = one.cohorts[0], &c = other.cohorts[0];
  EXPECT_EQ(a.steps, c.steps);
  EXPECT_EQ(a.standardised, c.standardised);
  EXPECT_EQ(a.ranked, c.ranked);
  EXPECT_EQ(a.biweight, c.biweight);
  EXPECT_EQ(a.marginals, c.marginals);
}

TEST(MakeDataset, TheOrderOfRowsLeavesTheBits) {
  // Genes 0, 3, 6, ... of 180, with gaps.
  const Eigen::MatrixXd x = normal_matrix(60, 41, 3);
  Genes genes(60);
  for (std::size_t i = 0; i < genes.size(); ++i) {
    genes[i] = static_cast<std::int32_t>(3 * i);
  }
  ToyInput in_order(180), turned(180);
  in_order.add_cohort("bulk", x, genes);
  turned.add_cohort("bulk", x.colwise().reverse(),
                    Genes(genes.rbegin(), genes.rend()));
  const Dataset one = in_order.make(), other = turned.make();
  expect_same_blocks(one, other);
  const ExpressionCohort &a = one.cohorts[0], &c = other.cohorts[0];
  EXPECT_EQ(a.row_of_gene, c.row_of_gene);
  EXPECT_EQ(a.steps, c.steps);
  EXPECT_EQ(a.marginals, c.marginals);
}

// Also beside others that come first in the new order.
TEST(MakeDataset, NamesTheSampleOfAValueAsItWasGiven) {
  Eigen::MatrixXd x = normal_matrix(4, 30, 1);
  x(2, 17) = std::numeric_limits<double>::infinity();
  ToyInput toy(4);
  toy.add_cohort("bulk", x, {0, 1, 2, 3});
  try {
    (void)toy.make();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("row 3, sample 18"),
              std::string::npos)
        << error.what();
  }
}

TEST(Dataset, HoldsCohortsNetworkAndBlocksOfTheUniverse) {
  const Dataset data = toy().make();
  EXPECT_EQ(data.n_genes, 6);
  ASSERT_EQ(data.cohorts.size(), 2u);
  EXPECT_EQ(data.cohorts[0].row_of_gene, (Genes{0, 1, 2, -1, -1, 3}));
  EXPECT_EQ(data.network.n_edges(), 3);
  EXPECT_EQ(block_names(data),
            (std::vector<std::string>{
                "embedding", "spectral", "degree", "coexpression:bulk",
                "marginals:bulk", "coexpression:cells", "marginals:cells"}));
  EXPECT_EQ(data.in_graph, (std::vector<std::uint8_t>{1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(data.known.size(), 0);
  EXPECT_EQ(data.gene_vectors.size(), 0);
}

TEST(Dataset, MissingEmbeddingsAreTheMeanOfNeighbours) {
  const NodeBlock embedding = block(toy().make(), "embedding");
  EXPECT_EQ(embedding.present, (std::vector<std::uint8_t>{1, 0, 1, 0, 1, 0}));
  EXPECT_FLOAT_EQ(embedding.values(1, 0), 2);  // of genes 0 and 2
  EXPECT_FLOAT_EQ(embedding.values(1, 1), 4);
  EXPECT_FLOAT_EQ(embedding.values(3, 0), 3);  // of gene 2
  EXPECT_TRUE(embedding.values.row(5).isZero(0));
}

TEST(Dataset, DegreesAreLogged) {
  const NodeBlock degree = block(toy().make(), "degree");
  const float expected[] = {1, 2, 2, 1, 0, 0};
  for (int g = 0; g < 6; ++g) {
    EXPECT_FLOAT_EQ(degree.values(g, 0), std::log1p(expected[g]));
    EXPECT_EQ(degree.present[static_cast<std::size_t>(g)], g < 4 ? 1 : 0);
  }
}

TEST(Dataset, SpectralRowsAreHalvesOfAtMostAsManyColumnsAsConnectedGenes) {
  const NodeBlock spectral = block(toy().make(), "spectral");
  EXPECT_EQ(spectral.values.cols(), 4);
  for (Eigen::Index i = 0; i < spectral.values.size(); ++i) {
    const float x = spectral.values.data()[i];
    EXPECT_EQ(x, round_to_half(x));
  }
  EXPECT_TRUE(spectral.values.bottomRows(2).isZero(0));
  ArchitectureConfig architecture;
  architecture.spectral = 2;
  EXPECT_EQ(block(toy().make(architecture), "spectral").values.cols(), 2);
  architecture.spectral = 0;
  EXPECT_EQ(toy().make(architecture).blocks.size(), 6u);
}

TEST(Dataset, HasNoExpressionBlocksWithoutCoexpressionColumns) {
  ArchitectureConfig architecture;
  architecture.coexpression = 3;
  const NodeBlock bulk = block(toy().make(architecture), "coexpression:bulk");
  EXPECT_EQ(bulk.values.cols(), 3);
  EXPECT_EQ(bulk.present, (std::vector<std::uint8_t>{1, 1, 1, 0, 0, 1}));
  architecture.coexpression = 0;
  const Dataset data = toy().make(architecture);
  EXPECT_EQ(block_names(data),
            (std::vector<std::string>{"embedding", "spectral", "degree"}));
  EXPECT_EQ(data.in_graph, (std::vector<std::uint8_t>{1, 1, 1, 1, 1, 0}));
}

TEST(Dataset, WithoutNetworkOrEmbeddingsHasOnlyExpressionInTheGraph) {
  ToyInput only_expression(3);
  only_expression.add_cohort("bulk", normal_matrix(2, 9, 1), {0, 2});
  const Dataset data = only_expression.make();
  EXPECT_TRUE(data.network.empty());
  EXPECT_EQ(block_names(data),
            (std::vector<std::string>{"coexpression:bulk", "marginals:bulk"}));
  EXPECT_EQ(data.in_graph, (std::vector<std::uint8_t>{1, 0, 1}));
  ArchitectureConfig architecture;
  architecture.coexpression = 0;
  const Dataset nothing = only_expression.make(architecture);
  EXPECT_TRUE(nothing.blocks.empty());
  EXPECT_EQ(nothing.in_graph, (std::vector<std::uint8_t>{0, 0, 0}));

  ToyInput only_embeddings(3);
  only_embeddings.add_embeddings(normal_matrix(1, 4, 1), {1});
  const Dataset embedded = only_embeddings.make();
  EXPECT_TRUE(embedded.cohorts.empty());
  ASSERT_EQ(embedded.blocks.size(), 1u);
  EXPECT_EQ(embedded.in_graph, (std::vector<std::uint8_t>{0, 1, 0}));
}

TEST(Dataset, TakesAnEmptyUniverse) {
  const Dataset data = ToyInput(0).make();
  EXPECT_EQ(data.n_genes, 0);
  EXPECT_TRUE(data.in_graph.empty());
}

TEST(Dataset, ThreadsDoNotChangeTheBits) {
  const Dataset one = toy().make({}, nullptr, {}, 1);
  const Dataset two = toy().make({}, nullptr, {}, 2);
  EXPECT_TRUE(
      (one.cohorts[0].biweight.array() == two.cohorts[0].biweight.array())
          .all());
  EXPECT_TRUE((block(one, "spectral").values.array() ==
               block(two, "spectral").values.array())
                  .all());
}

// A new universe of four genes: old genes 3, 2, a new one, old gene 0.
const Genes kGeneOf = {3, 2, -1, 0};

TEST(KnownDataset, LendsItsBinEdgesToNewSamples) {
  const Dataset known = toy().make();
  ToyInput fresh(4);
  fresh.add_cohort("bulk", normal_matrix(2, 7, 9), {3, 2});
  const Dataset data = fresh.make({}, &known, kGeneOf);
  ASSERT_EQ(data.cohorts.size(), 2u);
  const auto& bulk = data.cohorts[0];
  EXPECT_EQ(bulk.n_samples, 7);
  // Old gene 0 is gene 3 here; rows follow genes.
  EXPECT_EQ(bulk.row_of_gene, (Genes{-1, -1, 0, 1}));
  EXPECT_EQ(bulk.assays[0].edges.lower[1],
            known.cohorts[0].assays[0].edges.lower[0]);
  EXPECT_NE(bulk.assays[0].edges.lower[0],
            known.cohorts[0].assays[0].edges.lower[2]);
}

TEST(KnownDataset, CarriesOverTheCohortsThatAreNotGiven) {
  const Dataset known = toy().make();
  ToyInput fresh(4);
  fresh.add_cohort("cells", normal_matrix(1, 7, 9), {2});
  const Dataset data = fresh.make({}, &known, kGeneOf);
  EXPECT_EQ(data.cohorts[0].name, "bulk");
  EXPECT_EQ(data.cohorts[0].n_samples, 30);
  EXPECT_EQ(data.cohorts[0].row_of_gene, (Genes{-1, 2, -1, 0}));
  EXPECT_EQ(data.cohorts[1].row_of_gene, (Genes{-1, -1, 0, -1}));
}

TEST(KnownDataset, WhoseSamplesWereLeftOutLendsEdgesButNoGenes) {
  Dataset known = toy().make();
  for (auto& cohort : known.cohorts) {
    cohort.marginals.resize(0, kMarginals);
    cohort.standardised.resize(0, 0);
    cohort.assays[0].codes.resize(0, 0);
  }
  ToyInput fresh(4);
  fresh.add_cohort("bulk", normal_matrix(1, 7, 9), {3});
  const Dataset data = fresh.make({}, &known, kGeneOf);
  EXPECT_EQ(data.cohorts[0].assays[0].edges.lower[0],
            known.cohorts[0].assays[0].edges.lower[0]);
  EXPECT_EQ(data.cohorts[1].row_of_gene, (Genes{-1, -1, -1, -1}));
}

TEST(KnownDataset, CarriesOverNetworkAndGeneVectorsWhenNoneIsGiven) {
  Dataset known = toy().make();
  known.gene_vectors = normal_matrix(6, 5, 4).cast<float>();
  const Dataset data = ToyInput(4).make({}, &known, kGeneOf);
  EXPECT_EQ(data.network.n_edges(), 1);  // old 2 - 3
  EXPECT_EQ(data.network.degree(0), 1);
  EXPECT_EQ(data.network.degree(3), 0);
  EXPECT_TRUE(data.blocks.empty());
  EXPECT_EQ(data.gene_vectors.row(0), known.gene_vectors.row(3));
  EXPECT_EQ(data.gene_vectors.row(3), known.gene_vectors.row(0));
  EXPECT_TRUE(data.gene_vectors.row(2).isZero(0));
  EXPECT_EQ(data.in_graph, (std::vector<std::uint8_t>{1, 1, 0, 1}));
}

TEST(KnownDataset, PlacesNewGenesAmongTheirNeighboursSpectralRows) {
  const Dataset known = toy().make();
  ToyInput fresh(4);
  fresh.add_edges({0, 2, 2}, {1, 1, 3});
  fresh.add_embeddings(normal_matrix(1, 2, 3), {0});
  const Dataset data = fresh.make({}, &known, kGeneOf);
  EXPECT_EQ(data.gene_vectors.size(), 0);
  const Matrix old_rows = block(known, "spectral").values;
  const NodeBlock spectral = block(data, "spectral");
  EXPECT_EQ(spectral.values.row(0), old_rows.row(3));
  EXPECT_EQ(spectral.values.row(1), old_rows.row(2));
  EXPECT_EQ(spectral.present, (std::vector<std::uint8_t>{1, 1, 0, 1}));
  EXPECT_TRUE(spectral.values.row(2).isApprox(
      (old_rows.row(2) + old_rows.row(0)) / 2, 1e-6f));
  EXPECT_EQ(block_names(data), block_names(known));
}

TEST(KnownDataset, KeepsItsNetworkWhenEmbeddingsAloneAreGiven) {
  const Dataset known = toy().make();
  ToyInput fresh(4);
  fresh.add_embeddings(normal_matrix(1, 2, 3), {2});
  const Dataset data = fresh.make({}, &known, kGeneOf);
  EXPECT_EQ(data.network.n_edges(), 1);
  EXPECT_EQ(block_names(data), block_names(known));
  // Gene 3 has the expression that the model kept, and gene 2 its embedding.
  EXPECT_EQ(data.in_graph, (std::vector<std::uint8_t>{1, 1, 1, 1}));
}

TEST(KnownDataset, LendsItsEmbeddingsWhenANetworkAloneIsGiven) {
  const Dataset known = toy().make();
  ToyInput fresh(4);
  fresh.add_edges({0, 2, 2}, {1, 1, 3});
  const Dataset data = fresh.make({}, &known, kGeneOf);
  const NodeBlock old = block(known, "embedding");
  const NodeBlock lent = block(data, "embedding");
  int n_lent = 0;
  for (std::size_t g = 0; g < kGeneOf.size(); ++g) {
    if (kGeneOf[g] < 0) continue;
    const auto cohort = static_cast<std::size_t>(kGeneOf[g]);
    ASSERT_EQ(lent.present[g], old.present[cohort]);
    if (lent.present[g] == 0) continue;
    ++n_lent;
    EXPECT_EQ(lent.values.row(static_cast<Eigen::Index>(g)),
              old.values.row(kGeneOf[g]));
  }
  EXPECT_GT(n_lent, 0);
  EXPECT_EQ(block_names(data), block_names(known));
}

TEST(KnownDataset, LendsItsKnownPairsAndSpacesToTheGenesBothHave) {
  Dataset known = toy().make();
  known.known = {{3, 2, 1, 5}, {0, 3, 0, 3}, {1, 0, 1, 1}};
  NodeBlock space{
      "spectral", normal_matrix(6, 2, 4).cast<float>(), {1, 1, 1, 0, 1, 1}};
  space.values.row(3).setZero();  // an absent gene has no direction
  known.spaces = std::vector<NodeBlock>{space};
  const Dataset data = ToyInput(4).make({}, &known, kGeneOf);
  // Old 3, 2, 0 are 0, 1, 3 now.
  EXPECT_EQ(data.known.a, (Genes{0, 0}));
  EXPECT_EQ(data.known.b, (Genes{3, 1}));
  EXPECT_EQ(data.known.label, (std::vector<float>{1, 0}));
  ASSERT_EQ(data.spaces.size(), 1u);
  EXPECT_EQ(data.spaces[0].values.row(0), space.values.row(3));
  EXPECT_EQ(data.spaces[0].values.row(3), space.values.row(0));
  EXPECT_TRUE(data.spaces[0].values.row(2).isZero(0));
  EXPECT_EQ(data.spaces[0].present, (std::vector<std::uint8_t>{0, 1, 0, 1}));
  // With node features of its own it makes new ones.
  ToyInput fresh(4);
  fresh.add_embeddings(normal_matrix(1, 2, 3), {2});
  EXPECT_TRUE(fresh.make({}, &known, kGeneOf).spaces.empty());
}

TEST(KnownDataset, RefusesWhatItDoesNotKnow) {
  const Dataset known = toy().make();
  ToyInput fresh(4);
  fresh.add_cohort("other", normal_matrix(1, 7, 9), {2});
  EXPECT_THROW((void)fresh.make({}, &known, kGeneOf), ShapeError);
}

}  // namespace
}  // namespace musl
