// A fourth modality from a user's own table: an input, an encoder, no more.
#include <gtest/gtest.h>

#include "nn/encoders/encoder.h"
#include "nn/inputs/table_input.h"
#include "small_ensemble.h"

namespace musl::nn {
namespace {

const bool kInput = register_input(std::make_unique<TableInput>("rates"));

class RatesEncoder : public Encoder {
 public:
  RatesEncoder(const ArchitectureConfig& config, const InputSizes& sizes)
      : net_(register_module("net",
                             Linear(sizes.values("rates"), config.width))) {}
  std::string encoder_name() const override { return "rates"; }
  int width() const override { return static_cast<int>(net_->weight.size(0)); }
  Tensor forward(const PairBatch& batch) override {
    return net_->forward(batch.at("rates"));
  }

 private:
  Linear net_;
};

const bool kEncoder = register_encoder(
    {"rates", {"rates"}, [](const auto& config, const auto& sizes) {
       return std::make_shared<RatesEncoder>(config, sizes);
     }});

TEST(PairInput, OfAUsersTableTrainsSavesLoadsAndPredicts) {
  auto arch = test::small_architecture();
  arch.encoders = {"histogram", "descriptors", "graph", "rates"};
  test::SmallWorld world = test::small_world(arch);
  const PairSet asked = test::some_of(world.validation, 0, 3);
  PairFeatures rates{"rates", {"x"}, {asked.a, asked.b, {}}, {}};
  rates.values = Matrix::Random(asked.size(), 1);
  world.data.pair_tables.emplace_back(rates, test::kGenes);
  const Model model = fit(arch, test::small_control(), world.data, asked,
                          world.validation, /*init=*/nullptr)
                          .model;
  const Model read = Model::from_archive(model.to_archive(true));
  const PredictOptions alone{"cpu", 1, 64, false, false, {"rates"}};
  const auto score = read.predict(read.kept(), world.validation, alone).score;
  const auto own = model.predict(model.kept(), world.validation, alone).score;
  EXPECT_TRUE(test::same_bits(score, own));
  const auto& table = read.kept().pair_tables.at(0);
  for (std::size_t i = 0; i < score.size(); ++i) {
    const auto& [a, b, label] = world.validation;
    EXPECT_EQ(std::isfinite(score[i]), table.find(a[i], b[i]) != nullptr);
  }
}

}  // namespace
}  // namespace musl::nn
