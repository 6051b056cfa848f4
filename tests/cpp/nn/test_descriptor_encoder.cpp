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
using fixture::perturb;
using fixture::small_config;
using fixture::small_sizes;

TEST(DescriptorEncoder, HasTheGradientOfFiniteDifferences) {
  const auto encoder =
      make_encoder("descriptors", small_config(), small_sizes());
  perturb(*encoder, 1);
  PairBatch batch;
  batch.size = 4;
  batch.tensors["descriptors"] = normal({4, 5}, 2);
  const auto read = normal({4, 8}, 3);
  expect_gradients([&] { return (encoder->forward(batch) * read).sum(); },
                   fixture::named_parameters(*encoder));
}

}  // namespace
}  // namespace musl::nn
