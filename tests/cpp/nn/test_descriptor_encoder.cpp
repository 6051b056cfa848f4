#include "encoder_fixture.h"
#include "gradient_check.h"
#include "nn/base/parameters.h"
#include "nn/encoders/encoder.h"
#include "small_sizes.h"

namespace musl::nn {
namespace {

using test::expect_gradients;
using test::normal;
using test::parameters_of;
using test::perturb;
using test::small_config;
using test::small_sizes;

TEST(DescriptorEncoder, HasTheGradientOfFiniteDifferences) {
  const auto encoder =
      make_encoder("descriptors", small_config(), small_sizes());
  perturb(*encoder, 1);
  PairBatch batch;
  batch.size = 4;
  batch.tensors["descriptors"] = normal({4, 5}, 2);
  const auto read = normal({4, 8}, 3);
  expect_gradients([&] { return (encoder->forward(batch) * read).sum(); },
                   test::parameters_of(*encoder));
}

}  // namespace
}  // namespace musl::nn
