#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "musl/dataset.h"
#include "musl/error.h"
#include "musl/feature_tables.h"
#include "musl/preprocess.h"

namespace musl {
namespace {

using Genes = std::vector<std::int32_t>;

constexpr std::int64_t kGenes = 6;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// Three pairs in no order, two columns.
PairFeatures given() {
  Matrix values(3, 2);
  values << 1, 10, 2, 20, 3, kNaN;
  return {"screen", {"x", "y"}, {{5, 0, 2}, {1, 3, 1}, {}}, values};
}

TEST(PairFeatureTable, FindsARowByItsPairInEitherOrder) {
  const PairFeatureTable table(given(), kGenes);
  ASSERT_NE(table.find(1, 5), nullptr);
  EXPECT_EQ(table.find(1, 5), table.find(5, 1));
  EXPECT_EQ(table.find(1, 5)[1], 10);
  EXPECT_EQ(table.find(0, 3)[0], 2);
  EXPECT_TRUE(std::isnan(table.find(2, 1)[1]));
  EXPECT_EQ(table.find(0, 1), nullptr);
  EXPECT_EQ(table.features().pairs.a, (std::vector<std::int32_t>{0, 1, 1}));
}

TEST(PairFeatureTable, RefusesWhatDoesNotFit) {
  PairFeatures bad = given();
  bad.name.clear();
  EXPECT_THROW(PairFeatureTable(bad, kGenes), InputError);
  bad = given();
  bad.columns.pop_back();
  EXPECT_THROW(PairFeatureTable(bad, kGenes), ShapeError);
  bad = given();
  bad.pairs.a[1] = 1;
  bad.pairs.b[1] = 5;  // the first pair, the other way round
  EXPECT_THROW(PairFeatureTable(bad, kGenes), InputError);
  EXPECT_THROW(PairFeatureTable(given(), /*n_genes=*/5), GeneError);
  const PairFeatures often{
      "screen", {"x"}, {Genes(60, 1), Genes(60, 2), {}}, Matrix::Zero(60, 1)};
  EXPECT_THROW(PairFeatureTable(often, kGenes), InputError);
}

TEST(TableScaler, IsOfTheValuesThatTrainingPairsHave) {
  const PairFeatureTable table(given(), kGenes);
  const Scaler scaler =
      fit_table_scaler(table, {{0, 1, 2, 4}, {3, 5, 1, 5}, {}});
  EXPECT_FLOAT_EQ(scaler.mean[0], 2);
  EXPECT_FLOAT_EQ(scaler.scale[0], std::sqrt(2.0f / 3));
  EXPECT_FLOAT_EQ(scaler.mean[1], 15);
  EXPECT_FLOAT_EQ(scaler.scale[1], 5);
}

TEST(MakeDataset, CarriesTablesOverToAnotherUniverse) {
  DatasetInput input;
  input.n_genes = kGenes;
  input.pair_tables = {given()};
  input.gene_tables = {
      {"age", Matrix::Ones(kGenes, 1), std::vector<std::uint8_t>(kGenes, 1)}};
  const Dataset known = make_dataset(input, {}, nullptr, {}, 1, 1);
  DatasetInput other;
  other.n_genes = 3;
  // Genes 5 and 1 of the model, and a new one.
  const Dataset carried = make_dataset(other, {}, &known, {5, -1, 1}, 1, 1);
  const auto* table = find_table(carried.pair_tables, "screen");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->features().pairs.size(), 1);
  EXPECT_EQ(table->find(0, 2)[1], 10);
  ASSERT_EQ(carried.gene_tables.size(), 1U);
  EXPECT_EQ(carried.gene_tables[0].present,
            (std::vector<std::uint8_t>{1, 0, 1}));
  // One that is given wins.
  other.pair_tables = {{"screen", {"x"}, {{0}, {1}, {}}, Matrix::Ones(1, 1)}};
  const Dataset replaced = make_dataset(other, {}, &known, {5, -1, 1}, 1, 1);
  ASSERT_EQ(replaced.pair_tables.size(), 1U);
  EXPECT_EQ(replaced.pair_tables[0].find(0, 2), nullptr);
  other.pair_tables.push_back(other.pair_tables[0]);
  EXPECT_THROW((void)make_dataset(other, {}, &known, {5, -1, 1}, 1, 1),
               InputError);
  other.pair_tables.clear();
  other.gene_tables = {{"age", Matrix::Ones(2, 1), {1, 1}}};
  EXPECT_THROW((void)make_dataset(other, {}, &known, {5, -1, 1}, 1, 1),
               ShapeError);
}

}  // namespace
}  // namespace musl
