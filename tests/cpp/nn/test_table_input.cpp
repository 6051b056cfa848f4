#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "musl/error.h"
#include "nn/inputs/batcher.h"
#include "nn/inputs/table_input.h"

namespace musl::nn {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kGenes = 6;

Dataset with_table(std::vector<std::string> columns, const Matrix& values) {
  Dataset data;
  data.n_genes = kGenes;
  data.pair_tables.emplace_back(
      PairFeatures{
          "ages", std::move(columns), {{0, 1, 2}, {3, 4, 5}, {}}, values},
      kGenes);
  return data;
}

TEST(TableInput, StandardisesWhatThereIsAndPutsTheRestAtTheMean) {
  Matrix values(3, 2);
  values << 1, 10, 3, kNaN, 5, 30;
  const Dataset data = with_table({"x", "y"}, values);
  const TableInput input("ages");
  EXPECT_TRUE(input.available(data));
  EXPECT_FALSE(TableInput("sizes").available(data));
  Preprocess learned;
  const PairSet training{{0, 2}, {3, 5}, {1, 0}};
  input.learn({data, training, nullptr, 1}, &learned);
  EXPECT_EQ(input.shape(data, learned), TableInput::Shape{2});
  EXPECT_TRUE(input.shape(data, {}).empty());
  const PartnerInputs nobody;
  const InputContext context{data, learned, nobody};
  EXPECT_TRUE(input.present(context, 1, 4));
  EXPECT_FALSE(input.present(context, 0, 1));
  std::vector<float> made(6);
  input.make(context, {{1, 0, 2}, {4, 1, 5}, {}}, 2, made.data());
  // Means 3 and 20, deviations 2 and 10.
  EXPECT_EQ(made, (std::vector<float>{0, 0, 0, 0, 1, 1}));
}

TEST(TableInput, RefusesATableOfOtherColumns) {
  const Dataset data = with_table({"x", "y"}, Matrix::Ones(3, 2));
  const TableInput input("ages");
  Preprocess learned;
  learned.pair_scalers["ages"] = {{0, 0, 0}, {1, 1, 1}};
  EXPECT_THROW(input.check({data, learned}, data), ShapeError);
  learned.pair_scalers["ages"] = {{0, 0}, {1, 1}};
  EXPECT_NO_THROW(input.check({data, learned}, data));
  EXPECT_NO_THROW(input.check({data, learned}, Dataset{}));
}

TEST(PairInputs, AreKnownByNameAndAnUnknownOneIsAnError) {
  try {
    (void)pair_input("expresion");
    FAIL() << "no exception";
  } catch (const InputError& error) {
    const std::string text = error.what();
    for (const char* name : {"expresion", "histogram", "descriptors", "genes",
                             "topology", "seen", "partners"}) {
      EXPECT_NE(text.find(name), std::string::npos) << name;
    }
  }
  // A mask of an input that nobody knows, either.
  const Dataset data;
  const Preprocess learned;
  const PartnerInputs nobody;
  EXPECT_THROW((void)pairs_with_data({data, learned, nobody},
                                     {{"descriptors", {"expresion"}}}, {}),
               InputError);
}

TEST(Batcher, RefusesAnInputThatTheNetworkIsWithout) {
  const Dataset data;
  const Preprocess learned;
  const PartnerInputs nobody;
  EXPECT_THROW(
      Batcher({data, learned, nobody}, {{"topology"}, {}}, {}, torch::kCPU),
      ShapeError);
}

}  // namespace
}  // namespace musl::nn
