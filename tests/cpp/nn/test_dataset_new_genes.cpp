// A model reads data other than that it was trained on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/model.h"
#include "small_world.h"

namespace musl {
namespace {

using test::kGenes;
using test::small_architecture;
using test::small_control;
using test::small_world;

constexpr std::int64_t kRows = 50, kSamples = 30, kColumns = 8;

Eigen::MatrixXd random_matrix(std::int64_t rows, std::int64_t cols,
                              std::uint64_t seed) {
  Rng rng(seed);
  return Eigen::MatrixXd::NullaryExpr(rows, cols,
                                      [&rng] { return rng.normal(); });
}

/// Expression, a network and embeddings of the genes below kGenes; the genes
/// beyond have nothing but embeddings, far from the others'.
struct Inputs {
  explicit Inputs(std::int64_t n_genes)
      : expression(random_matrix(kRows, kSamples, 7)),
        vectors(Eigen::MatrixXd::Constant(n_genes, kColumns, 9)),
        embeddings(vectors.data(), n_genes, kColumns) {
    vectors.topRows(kGenes) = random_matrix(kGenes, kColumns, 8);
    input.n_genes = n_genes;
    input.cohorts.resize(1);
    input.cohorts[0].name = "one";
    input.cohorts[0].assays.emplace_back(expression.data(), kRows, kSamples);
    input.embeddings = &embeddings;
    for (std::int32_t gene = 0; gene < n_genes; ++gene) {
      input.embedding_gene.push_back(gene);
      gene_of.push_back(gene < kGenes ? gene : -1);
      if (gene < kRows) input.cohorts[0].gene_of_row.push_back(gene);
    }
    for (std::int32_t gene = 0; gene < kGenes; ++gene) {
      input.edge_from.push_back(gene);
      input.edge_to.push_back((gene * 7 + 1) % kGenes);
      input.edge_weight.push_back(1.0f);
    }
  }
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;

  /// As the model reads it.
  [[nodiscard]] Dataset data(const Model& model) const {
    return make_dataset(input, model.architecture(), &model.reference(),
                        gene_of, 1, 1);
  }

  Eigen::MatrixXd expression, vectors;
  RMatrixView embeddings;
  DatasetInput input;
  std::vector<std::int32_t> gene_of;
};

/// Validation pairs that are not known: which part of the known pairs leaves a
/// known one out is drawn in its universe.
PairSet new_pairs(const ArchitectureConfig& architecture) {
  const auto world = small_world(architecture);
  const auto known = pair_keys(world.training, kGenes);
  PairSet pairs;
  for (std::size_t i = 0; i < world.validation.a.size(); ++i) {
    const auto a = world.validation.a[i], b = world.validation.b[i];
    if (std::binary_search(known.begin(), known.end(),
                           pair_key(a, b, kGenes))) {
      continue;
    }
    pairs.a.push_back(a);
    pairs.b.push_back(b);
    pairs.label.push_back(world.validation.label[i]);
  }
  return pairs;
}

/// A model without inputs of its own, and its scores of the validation pairs.
struct Shared {
  explicit Shared(const ArchitectureConfig& architecture,
                  const DatasetInput& input)
      : pairs(new_pairs(architecture)),
        result(fit(architecture, small_control(),
                   make_dataset(input, architecture, nullptr, {}, 1, 1),
                   small_world(architecture).training, pairs)),
        model(Model::from_archive(result.model.to_archive(false))) {}

  [[nodiscard]] std::vector<double> score(const Dataset& data) const {
    return model.predict(data, pairs, {}).score;
  }

  PairSet pairs;
  FitResult result;
  Model model;
};

void expect_near(const std::vector<double>& found,
                 const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], 1e-5) << i;
  }
}

TEST(NewData, WithMoreGenesScoresTheKnownGenesTheSame) {
  for (const char* net : {"sign", "sage"}) {
    ArchitectureConfig architecture = small_architecture();
    architecture.graph_net = net;
    const Shared shared(architecture, Inputs(kGenes).input);
    for (const std::int64_t n_more : {0, 40}) {
      const Inputs more(kGenes + n_more);
      expect_near(shared.score(more.data(shared.model)),
                  shared.result.valid_score);
    }
  }
}

/// Scores are there, come of the graph too, and are those of a block without
/// any gene.
void expect_gap_is_harmless(const Shared& shared, const Dataset& data,
                            const std::string& block,
                            const std::vector<double>& whole) {
  PredictOptions options;
  options.parts = true;
  const Prediction found = shared.model.predict(data, shared.pairs, options);
  EXPECT_GT(found.gates.col(2).minCoeff(), 0);
  EXPECT_NE(found.score, whole);
  for (const double score : found.score) EXPECT_TRUE(std::isfinite(score));
  Dataset empty = data;
  const Eigen::Index columns = block == "degree" ? 1 : kColumns;
  empty.blocks.insert(empty.blocks.begin(),
                      {block, Matrix::Zero(kGenes, columns),
                       std::vector<std::uint8_t>(kGenes, 0)});
  EXPECT_EQ(shared.score(empty), found.score);
}

bool has_block(const Dataset& data, const std::string& name) {
  return std::any_of(data.blocks.begin(), data.blocks.end(),
                     [&](const auto& block) { return block.name == name; });
}

TEST(NewData, MayLackEmbeddingsOrTheNetwork) {
  for (const char* net : {"sign", "sage"}) {
    ArchitectureConfig architecture = small_architecture();
    architecture.graph_net = net;
    architecture.spectral = 0;
    const Inputs whole(kGenes);
    const Shared shared(architecture, whole.input);
    const auto score = shared.score(whole.data(shared.model));

    Inputs no_embeddings(kGenes);
    no_embeddings.input.embeddings = nullptr;
    no_embeddings.input.embedding_gene.clear();
    Dataset data = no_embeddings.data(shared.model);
    ASSERT_FALSE(has_block(data, "embedding"));
    expect_gap_is_harmless(shared, data, "embedding", score);

    Inputs no_network(kGenes);
    no_network.input.edge_from.clear();
    no_network.input.edge_to.clear();
    no_network.input.edge_weight.clear();
    data = no_network.data(shared.model);
    ASSERT_FALSE(has_block(data, "degree"));
    expect_gap_is_harmless(shared, data, "degree", score);
  }
}

TEST(NewData, MayNotHaveBlocksOfOtherColumnsOrNames) {
  const Inputs whole(kGenes);
  const Shared shared(small_architecture(), whole.input);
  Dataset data = whole.data(shared.model);
  data.blocks[0].values.conservativeResize(kGenes, kColumns - 1);
  EXPECT_THROW((void)shared.score(data), ShapeError);
  data = whole.data(shared.model);
  data.blocks[0].name = "sequence";
  EXPECT_THROW((void)shared.score(data), ShapeError);
}

}  // namespace
}  // namespace musl
