#include <memory>
#include <string>

#include "base/error.h"
#include "encoder_fixture.h"
#include "gradient_check.h"
#include "nn/base/parameters.h"
#include "nn/encoders/encoder.h"
#include "small_sizes.h"

namespace musl::nn {
namespace {

using fixture::expect_gradients;
using fixture::named_parameters;
using fixture::normal;
using fixture::small_config;
using fixture::small_sizes;

TEST(HistogramEncoder, HasTheGradientOfFiniteDifferences) {
  const auto encoder = make_encoder("histogram", small_config(), small_sizes());
  initialise(*encoder, 1);
  encoder->to(torch::kDouble);
  PairBatch batch;
  batch.size = 3;
  batch.tensors["histogram"] = normal({3, 2, 8, 8}, 2).abs();
  const auto read = normal({3, 8}, 3);
  expect_gradients([&] { return (encoder->forward(batch) * read).sum(); },
                   fixture::named_parameters(*encoder));
}

/// An encoder for maps of this many bins.
std::shared_ptr<Encoder> map_encoder(std::int64_t bins) {
  auto sizes = small_sizes();
  sizes.set("histogram", {2, bins, bins});
  const auto encoder = make_encoder("histogram", small_config(), sizes);
  initialise(*encoder, 1);
  return encoder;
}

PairBatch random_maps(std::int64_t n, std::int64_t bins) {
  PairBatch batch;
  batch.size = n;
  batch.tensors["histogram"] = normal({n, 2, bins, bins}, 2).to(torch::kFloat);
  return batch;
}

TEST(HistogramEncoder, ReadsMapsOfEightToSixtyFourBins) {
  for (const std::int64_t bins : {8, 13, 32, 64}) {
    const auto z = map_encoder(bins)->forward(random_maps(2, bins));
    EXPECT_EQ(z.sizes(), torch::IntArrayRef({2, 8}));
    EXPECT_TRUE(torch::isfinite(z).all().item<bool>());
    EXPECT_FALSE(torch::allclose(z[0], z[1]));
  }
}

TEST(HistogramEncoder, TrainsAndPredictsAsInDoublePrecision) {
  for (const std::int64_t bins : {8, 13, 16, 32, 40, 64}) {
    SCOPED_TRACE(std::to_string(bins) + " bins");
    const auto encoder = map_encoder(bins);
    auto batch = random_maps(3, bins);
    const auto trained = encoder->forward(batch);
    EXPECT_TRUE(trained.requires_grad());
    const torch::NoGradGuard no_grad;
    const auto predicted = encoder->forward(batch);
    // LibTorch then computes all of it.
    encoder->to(torch::kDouble);
    batch.tensors["histogram"] = batch.at("histogram").to(torch::kDouble);
    const auto exact = encoder->forward(batch).to(torch::kFloat);
    EXPECT_TRUE(torch::allclose(trained, exact, 1e-4, 1e-5));
    EXPECT_TRUE(torch::allclose(predicted, exact, 1e-4, 1e-5));
  }
}

TEST(HistogramEncoder, RefusesAnotherNumberOfChannels) {
  const auto encoder = make_encoder("histogram", small_config(), small_sizes());
  PairBatch batch;
  batch.size = 1;
  batch.tensors["histogram"] = torch::zeros({1, 4, 8, 8});
  EXPECT_THROW(static_cast<void>(encoder->forward(batch)), ShapeError);
}

}  // namespace
}  // namespace musl::nn
