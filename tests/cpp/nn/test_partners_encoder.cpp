#include <algorithm>

#include "base/error.h"
#include "data/partner_spaces.h"
#include "data/partners.h"
#include "gradient_check.h"
#include "nn/encoders/encoder.h"
#include "nn/inputs/batcher.h"
#include "small_sizes.h"
#include "small_world.h"

namespace musl::nn {
namespace {

using fixture::expect_gradients;
using fixture::named_parameters;
using fixture::normal;
using fixture::perturb;
using fixture::same_bits;
using fixture::small_sizes;
using musl::test::small_architecture;
using musl::test::small_preprocess;
using musl::test::small_world;

constexpr std::int64_t kPartnerColumns = 7;  // P, of small_sizes()
constexpr std::int64_t kPartnerPairs = 6;

std::shared_ptr<Encoder> partners_encoder() {
  ArchitectureConfig config;
  config.width = 8;
  config.dropout = 0.0;
  const auto encoder = make_encoder("partners", config, small_sizes());
  perturb(*encoder, 1);
  return encoder;
}

/// With both, one and none of the genes seen.
PairBatch partners_batch() {
  PairBatch batch;
  batch.size = kPartnerPairs;
  batch.tensors["partners"] =
      normal({kPartnerPairs, 2 * kPartnerColumns + kPartnerPaths}, 2);
  batch.tensors["seen"] = torch::tensor({1, 1, 1, 0, 0, 1, 0, 0, 1, 1, 1, 0})
                              .view({kPartnerPairs, 2});
  batch.tensors["mask:partners"] = torch::ones({kPartnerPairs}, torch::kDouble);
  return batch;
}

/// Are the rows that `changed` names the only ones that differ?
void expect_changes(const Tensor& before, const Tensor& after,
                    const std::vector<bool>& changed) {
  for (std::int64_t i = 0; i < kPartnerPairs; ++i) {
    EXPECT_EQ(!same_bits(before[i], after[i]),
              changed[static_cast<std::size_t>(i)])
        << i;
  }
}

TEST(PartnersEncoder, HearsNothingFromThePartnersOfHiddenGenes) {
  const auto encoder = partners_encoder();
  const auto batch = partners_batch();
  const auto before = encoder->forward(batch);
  const auto with_other = [&](std::int64_t first, std::int64_t n) {
    PairBatch other = batch;
    auto& x = other.tensors["partners"];
    x = x.clone();
    x.narrow(1, first, n).copy_(normal({kPartnerPairs, n}, 77));
    return encoder->forward(other);
  };
  expect_changes(before, with_other(0, kPartnerColumns),
                 {true, true, false, false, true, true});
  expect_changes(before, with_other(kPartnerColumns, kPartnerColumns),
                 {true, false, true, false, true, false});
  expect_changes(before, with_other(2 * kPartnerColumns, kPartnerPaths),
                 {true, false, false, false, true, false});
}

TEST(PartnersEncoder, TellsWhichGenesAreSeen) {
  const auto encoder = partners_encoder();
  auto batch = partners_batch();
  batch.tensors["partners"].zero_();
  const auto found = encoder->forward(batch);
  EXPECT_FALSE(torch::allclose(found[0], found[1]));
  EXPECT_FALSE(torch::allclose(found[0], found[3]));
  EXPECT_FALSE(torch::allclose(found[1], found[3]));
}

TEST(PartnersEncoder, IsAbsentWithoutASeenGeneOrWhereMasked) {
  const auto encoder = partners_encoder();
  auto batch = partners_batch();
  batch.tensors["mask:partners"][4] = 0;
  const auto expected =
      torch::tensor({1.0, 1.0, 1.0, 0.0, 0.0, 1.0}, torch::kDouble);
  EXPECT_TRUE(torch::equal(encoder->mask(batch), expected));
}

TEST(PartnersEncoder, HasTheGradientOfFiniteDifferences) {
  const auto encoder = partners_encoder();
  auto batch = partners_batch();
  auto leaves = fixture::named_parameters(*encoder);
  EXPECT_FALSE(leaves.empty());
  leaves.emplace_back("partners", batch.tensors["partners"].requires_grad_());
  const auto read = normal({kPartnerPairs, 8}, 3);
  expect_gradients([&] { return (encoder->forward(batch) * read).sum(); },
                   leaves);
}

TEST(PartnersEncoder, RefusesToBeWithoutKnownPairs) {
  InputSizes sizes = small_sizes();
  sizes.set("partners", {});
  EXPECT_THROW((void)make_encoder("partners", {}, sizes), InputError);
}

// ---- What it reads of a dataset ----

TEST(Batcher, StandardisesPartnersOutOfFoldWhereThePairIsKnown) {
  const auto arch = small_architecture();
  const auto world = small_world(arch);
  const Preprocess preprocess = small_preprocess(world);
  const auto spaces = partner_spaces(world.data, preprocess, 1);
  PairSet pairs;  // known, and not
  pairs.a = {std::min(world.training.a[0], world.training.b[0]), 3};
  pairs.b = {std::max(world.training.a[0], world.training.b[0]), 57};
  const PartnerInputs inputs =
      make_partner_inputs(spaces, world.training, pairs, musl::test::kGenes, 1);
  const Batcher batcher({world.data, preprocess, inputs},
                        {{"partners", "seen"}, {}},
                        input_sizes(world.data, preprocess), torch::kCPU);
  const PairBatch batch = batcher.make(pairs);
  EXPECT_TRUE(torch::equal(
      batch.at("seen"), torch::tensor({1.0f, 1.0f, 1.0f, 0.0f}).view({2, 2})));

  const int columns = inputs.known.columns(), width = inputs.known.width();
  std::vector<float> raw(2 * static_cast<std::size_t>(width));
  inputs.known.features(pairs, raw.data());
  std::copy_n(inputs.table.find(pairs.a[0], pairs.b[0]), width, raw.begin());
  for (int i = 0; i < 2; ++i) {
    for (int c = 0; c < width; ++c) {
      const bool path = c >= 2 * columns;
      const Scaler& scaler =
          preprocess.pair_scaler(path ? "paths" : "partners");
      const auto k =
          static_cast<std::size_t>(path ? c - 2 * columns : c % columns);
      const float z =
          (raw[static_cast<std::size_t>(i * width + c)] - scaler.mean[k]) /
          scaler.scale[k];
      EXPECT_NEAR(batch.at("partners")[i][c].item<float>(),
                  std::clamp(z, -5.0f, 5.0f), 1e-5)
          << i << " " << c;
    }
  }
}

}  // namespace
}  // namespace musl::nn
