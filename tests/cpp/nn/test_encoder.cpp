#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "encoder_fixture.h"
#include "nn/encoders/encoder.h"
#include "small_sizes.h"

namespace musl::nn {
namespace {

using fixture::small_config;
using fixture::small_sizes;

TEST(Registry, RefusesAnUnknownEncoderAndNamesTheKnown) {
  try {
    static_cast<void>(make_encoder("sequence", small_config(), small_sizes()));
    FAIL() << "no exception";
  } catch (const InputError& error) {
    const std::string text = error.what();
    for (const char* name : {"sequence", "histogram", "descriptors", "graph"}) {
      EXPECT_NE(text.find(name), std::string::npos) << name;
    }
  }
}

TEST(Registry, RefusesEncodersWithoutTheirData) {
  for (const char* name : {"histogram", "descriptors", "graph"}) {
    EXPECT_THROW(
        static_cast<void>(make_encoder(name, small_config(), InputSizes())),
        InputError);
  }
}

TEST(Registry, TakesAnEncoderOfAnotherFile) {
  class Constant : public Encoder {
   public:
    Constant() : Encoder("one", 8) {}
    Tensor forward(const PairBatch& batch) override {
      return torch::ones({batch.size, 8});
    }
  };
  register_encoder({"one",
                    {"descriptors", "seen"},
                    [](const ArchitectureConfig&, const InputSizes&) {
                      return std::make_shared<Constant>();
                    }});
  const auto encoder = make_encoder("one", small_config(), small_sizes());
  PairBatch batch;
  batch.size = 3;
  EXPECT_EQ(encoder->forward(batch).size(0), 3);
  EXPECT_EQ(encoder->inputs(),
            (std::vector<std::string>{"descriptors", "seen"}));
  EXPECT_EQ(encoder->gene_width(), 0);
  EXPECT_THROW(
      static_cast<void>(encoder->gene_vectors({}, torch::zeros({1}), nullptr)),
      InternalError);
  EXPECT_THROW(static_cast<void>(encoder->mask(batch)), InternalError);
}

}  // namespace
}  // namespace musl::nn
