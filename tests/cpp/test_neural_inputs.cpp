#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "dense_solvers.h"
#include "expression_fixture.h"
#include "features/evidence.h"
#include "learners/neural_inputs.h"
#include "store/cohorts.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/gene_store.h"

namespace musl {
namespace {

const float kNone = std::nanf("");
const std::vector<std::int32_t> kAll{0, 1, 2, 3};

/// Four genes with every input of the table; gene 3 has no expression.
struct Inputs {
  Eigen::MatrixXd values = (Eigen::MatrixXd(3, 4) << 1, 2, 3, 4,  //
                            4, 2, 2, 0,                           //
                            7, 7, 7, 7)
                               .finished();
  EvidenceInput input;

  Inputs() {
    input.n_genes = 4;
    input.edge_from = {0, 0};
    input.edge_to = {1, 2};
    input.edge_weight = {1, 1};
    input.cohorts.push_back(
        {"a", {AssayView(values.data(), 3, 4)}, {0, 1, 2}, false});
    input.part<SetInputs>().terms = {
        {0, 1, 0, 2}, {0, 0, 1, 1}, {0, 0}, {"BP"}};
    input.part<SetInputs>().families = {
        {0, 1, 0, 1, 2}, {0, 0, 1, 1, 1}, {0, 0}, {"family"}};
    input.part<SetInputs>().modules = {{0, 1, 3}, {0, 0, 0}, {0}, {"module"}};
    input.part<GeneColumns>() = {{"share", "dependent", {.1F, .4F, .2F, kNone}},
                                 {"tissue", "expression", {8, 6, 4, 2}}};
  }
};

/// Values of the table's columns by name, as they were before their scale.
std::map<std::string, std::vector<float>> table_of(const NeuralInputs& inputs,
                                                   const Matrix& found) {
  std::map<std::string, std::vector<float>> out;
  const auto n = static_cast<Eigen::Index>(inputs.column.size());
  for (Eigen::Index c = 0; c < n; ++c) {
    const auto k = static_cast<std::size_t>(c);
    for (Eigen::Index g = 0; g < found.rows(); ++g) {
      out[inputs.column[k]].push_back(
          found(g, found.cols() - n + c) * inputs.scale[k] + inputs.mean[k]);
    }
  }
  return out;
}

TEST(NeuralInputs, HaveTheColumnsOfTheirStore) {
  const Inputs inputs;
  const auto store = make_evidence_store(inputs.input, 1, 1);
  const auto learned = learn_neural_inputs(store);
  EXPECT_EQ(
      learned.column,
      (std::vector<std::string>{
          "degree", "gene:share", "gene:share:modules", "gene:share:neighbours",
          "gene:share:terms", "gene:tissue", "mean:a", "modules",
          "percentile:a", "percentile:tissue", "percentile_lowest",
          "percentile_mean", "sd:a", "smallest_family", "terms"}));
  auto table =
      table_of(learned, neural_inputs(learned, store, store, {}, kAll));
  const auto expect = [&](const std::string& name,
                          const std::vector<double>& values) {
    const auto& found = table.at(name);
    for (std::size_t g = 0; g < 4; ++g) {
      if (std::isnan(values[g])) continue;
      EXPECT_NEAR(found[g], values[g], 1e-5) << name << " " << g;
    }
  };
  const double none = std::nan("");
  expect("mean:a", {2.5, 2, 7, none});
  expect("sd:a", {std::sqrt(1.25), std::sqrt(2), 0, none});
  expect("percentile:a", {.5, 1.0 / 6, 5.0 / 6, none});
  expect("gene:tissue", {8, 6, 4, 2});
  expect("percentile:tissue", {.875, .625, .375, .125});
  expect("percentile_mean",
         {(.5 + .875) / 2, (1.0 / 6 + .625) / 2, (5.0 / 6 + .375) / 2, .125});
  expect("percentile_lowest", {.5, 1.0 / 6, .375, .125});
  expect("degree", {std::log(3), std::log(2), std::log(2), 0});
  expect("terms", {std::log(3), std::log(2), std::log(2), 0});
  expect("smallest_family", {std::log(2), std::log(2), std::log(3), none});
  expect("modules", {std::log(2), std::log(2), 0, std::log(2)});
  // Unknown values are at the mean.
  const Matrix found = neural_inputs(learned, store, store, {}, kAll);
  const auto n = static_cast<Eigen::Index>(learned.column.size());
  EXPECT_EQ(found(3, found.cols() - n + 6), 0);  // mean:a
}

TEST(NeuralInputs, LieWithinFourStandardDeviations) {
  EvidenceInput input;
  input.n_genes = 40;
  std::vector<float> low(40, 1), high(40, 1);
  low[3] = -50;
  high[5] = 60;
  input.part<GeneColumns>() = {{"a low", "gene", low}, {"high", "gene", high}};
  const auto store = make_evidence_store(input, 1, 1);
  const auto learned = learn_neural_inputs(store);
  const Matrix found = neural_inputs(learned, store, store, {}, {3, 5, 0});
  EXPECT_EQ(found(0, 0), -4);
  EXPECT_EQ(found(1, 1), 4);
  const float sd = 51 * std::sqrt(39.0F) / 40;  // of one that lies 51 apart
  EXPECT_NEAR(found(2, 0), 51.0F / 40 / sd, 1e-4);
}

TEST(NeuralInputs, OfAnotherStoreAreReadByNameAndGene) {
  const Inputs inputs;
  const auto store = make_evidence_store(inputs.input, 1, 1);
  const auto learned = learn_neural_inputs(store);
  // Its genes are 3, none and 1 of the model; it has another tissue, no cohort.
  EvidenceInput other;
  other.n_genes = 3;
  other.part<GeneColumns>() = {{"age", "gene", {1, 2, 3}},
                               {"tissue", "expression", {5, 7, 9}}};
  const auto asked = make_evidence_store(other, 1, 1);
  const Matrix found =
      neural_inputs(learned, store, asked, {3, -1, 1}, {0, 1, 2});
  const Matrix known = neural_inputs(learned, store, store, {}, kAll);
  const auto n = static_cast<Eigen::Index>(learned.column.size());
  const Eigen::Index width = found.cols() - n;
  EXPECT_EQ(found.row(0).head(width), known.row(3).head(width));
  EXPECT_TRUE(found.row(1).head(width).isZero(0));
  EXPECT_EQ(found.row(2).head(width), known.row(1).head(width));
  EXPECT_FALSE(known.row(1).head(width).isZero(0));
  const auto table = table_of(learned, found);
  EXPECT_NEAR(table.at("gene:tissue")[0], 5, 1e-5);
  EXPECT_NEAR(table.at("gene:tissue")[2], 9, 1e-5);
  for (const Eigen::Index c : {6, 8, 12}) {  // of the cohort that it lacks
    EXPECT_TRUE(found.col(width + c).isZero(0));
  }
}

TEST(NeuralInputs, OfAModelWithoutProfilesAreThoseOfTheSameSamples) {
  const Inputs inputs;
  const auto store = make_evidence_store(inputs.input, 1, 1);
  const auto learned = learn_neural_inputs(store);
  const Matrix whole = neural_inputs(learned, store, store, {}, kAll);
  auto without = store;
  without.part<Cohorts>()[0].profile = {};
  EXPECT_EQ(neural_inputs(learned, without, store, {}, kAll), whole);
  // One value of the profiles differs: the axes may be others.
  auto changed = store;
  changed.part<Cohorts>()[0].profile.code[0] =
      static_cast<std::int8_t>(changed.part<Cohorts>()[0].profile.code[0] - 1);
  const Matrix found = neural_inputs(learned, without, changed, {}, kAll);
  const auto axes = learned.cohorts[0].axis.cols();
  const auto first =
      found.cols() - axes - static_cast<Eigen::Index>(learned.column.size());
  EXPECT_TRUE(found.middleCols(first, axes).isZero(0));
  EXPECT_FALSE(whole.middleCols(first, axes).isZero(0));
  EXPECT_EQ(neural_inputs(learned, store, without, {}, kAll), whole);
}

// A model without profiles knows them whatever the order of their genes, and
// knows that any gene's profile is another.
TEST(NeuralInputs, OfAModelWithoutProfilesAskForEveryGenesProfile) {
  constexpr int kGenes = 6, kSamples = 5;
  const Eigen::MatrixXd values = testing::normal_matrix(kGenes, kSamples, 2);
  const auto store_of = [&](const Eigen::MatrixXd& x) {
    EvidenceInput input;
    input.n_genes = kGenes;
    input.cohorts.push_back({"a",
                             {AssayView(x.data(), kGenes, kSamples)},
                             {0, 1, 2, 3, 4, 5},
                             false});
    return make_evidence_store(input, 1, 1);
  };
  const auto store = store_of(values);
  const auto learned = learn_neural_inputs(store);
  const Matrix whole =
      neural_inputs(learned, store, store, {}, {0, 1, 2, 3, 4, 5});
  const auto axes = learned.cohorts[0].axis.cols();
  auto without = store;
  without.part<Cohorts>()[0].profile = {};
  const auto coordinates = [&](const GeneStore& asked,
                               const std::vector<std::int32_t>& known) {
    const Matrix found =
        neural_inputs(learned, without, asked, known, {0, 1, 2, 3, 4, 5});
    return Matrix(found.leftCols(axes));
  };
  const Eigen::MatrixXd turned = values.colwise().reverse();
  // Within rounding: on arm64 Eigen fuses products and sums of whole vectors,
  // and which rows of a product they hold depends on their order.
  const Matrix apart = coordinates(store_of(turned), {5, 4, 3, 2, 1, 0}) -
                       whole.leftCols(axes).colwise().reverse();
  EXPECT_LT(apart.cwiseAbs().maxCoeff(), 1e-6);
  for (int gene = 0; gene < kGenes; ++gene) {
    Eigen::MatrixXd changed = values;
    changed(gene, 1) += 1;
    EXPECT_TRUE(coordinates(store_of(changed), {}).isZero(0)) << gene;
  }
}

TEST(NeuralInputs, ReadProfilesOnThe24LeadingAxes) {
  constexpr int kGenes = 60;
  const Eigen::MatrixXd values = testing::normal_matrix(kGenes, 40, 3);
  std::vector<std::int32_t> genes(kGenes);
  std::iota(genes.begin(), genes.end(), 0);
  EvidenceInput input;
  input.n_genes = kGenes;
  input.cohorts.push_back(
      {"a", {AssayView(values.data(), kGenes, 40)}, genes, false});
  const auto store = make_evidence_store(input, 1, 1);
  const auto learned = learn_neural_inputs(store);
  ASSERT_EQ(learned.cohorts[0].axis.cols(), 24);
  const Matrix found = neural_inputs(learned, store, store, {}, genes);
  const Eigen::MatrixXd x = found.leftCols(24).cast<double>();
  // Standardised profiles of unit length, kept in bytes.
  Eigen::MatrixXd rows = values.colwise() - values.rowwise().mean();
  rows.rowwise().normalize();
  const auto svd = testing::dense_svd(rows);
  const Eigen::MatrixXd best =
      svd.u.leftCols(24) * svd.values.head(24).asDiagonal();
  const double scale = x.squaredNorm() / best.squaredNorm();
  EXPECT_NEAR(x.squaredNorm() / (kGenes * 24), 1, 1e-3);
  EXPECT_LT((x * x.transpose() / scale - best * best.transpose())
                .cwiseAbs()
                .maxCoeff(),
            .03);
}

}  // namespace
}  // namespace musl
