#include <gtest/gtest.h>
#include <torch/torch.h>

#include <limits>
#include <thread>
#include <vector>

#include "musl/model.h"
#include "musl/rng.h"
#include "nn/kernels/map_stage.h"
#include "nn/kernels/pooled_stage.h"
#include "nn/kernels/wide_tiles.h"
#include "nn/kernels/winograd_tiles.h"
#include "small_world.h"

namespace musl::nn {
namespace {

struct Sizes {
  int pairs, channels, side, width;
};

/// A stage's inputs and the gradient that comes from above.
struct Case {
  Tensor maps, weight, bias, upstream;
};

Tensor wide_maps(const Case& c) {
  return torch::conv2d(c.maps, c.weight, c.bias, /*stride=*/1, /*padding=*/1);
}

Case to_double(const Case& c) {
  const auto leaf = [](const Tensor& x) {
    return x.detach().to(torch::kFloat64).requires_grad_(x.requires_grad());
  };
  return {leaf(c.maps), leaf(c.weight), leaf(c.bias), leaf(c.upstream)};
}

/// No pixel that hears from above is so near zero that rounding decides whether
/// ReLU lets it pass.
Case random_case(const Sizes& sizes, bool of_maps) {
  Case c{
      torch::randn({sizes.pairs, sizes.channels, sizes.side, sizes.side}),
      torch::randn({sizes.width, sizes.channels, 3, 3}),
      torch::randn({sizes.width}),
      torch::randn({sizes.pairs, sizes.width, sizes.side / 2, sizes.side / 2})};
  const auto near = wide_maps(to_double(c)).abs() < 1e-3;
  const auto clear = torch::max_pool2d(near.to(torch::kFloat32), 2) == 0;
  c.upstream = c.upstream * clear;
  c.maps.requires_grad_(of_maps);
  c.weight.requires_grad_(true);
  c.bias.requires_grad_(true);
  return c;
}

std::vector<Tensor> gradients(const Case& c, const Tensor& out) {
  std::vector<Tensor> leaves{c.weight, c.bias};
  if (c.maps.requires_grad()) leaves.push_back(c.maps);
  return torch::autograd::grad({out}, leaves, {c.upstream});
}

std::vector<Tensor> stage_gradients(const Case& c) {
  return gradients(c, pooled_stage(c.maps, c.weight, c.bias));
}

/// LibTorch's, in double precision.
std::vector<Tensor> slow_gradients(const Case& c) {
  const auto wide = to_double(c);
  return gradients(wide, torch::avg_pool2d(wide_maps(wide).relu(), 2));
}

void expect_alike(const std::vector<Tensor>& got,
                  const std::vector<Tensor>& expected, double tolerance) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_EQ(got[i].sizes(), expected[i].sizes());
    const auto largest = expected[i].abs().max().item<double>();
    const auto off = (got[i].to(torch::kFloat64) - expected[i]).abs().max();
    EXPECT_LE(off.item<double>(), tolerance * largest) << "gradient " << i;
  }
}

void expect_gradients(const Sizes& sizes, bool of_maps) {
  SCOPED_TRACE(testing::Message()
               << sizes.pairs << " pairs, " << sizes.channels << " to "
               << sizes.width << " channels, side " << sizes.side);
  const auto c = random_case(sizes, of_maps);
  ASSERT_TRUE(has_pooled_stage(c.maps, c.weight));
  expect_alike(stage_gradients(c), slow_gradients(c), 1e-4);
}

TEST(PooledStage, HasLibTorchsGradientsForFewChannels) {
  torch::manual_seed(1);
  for (const int pairs : {1, 7, 64}) {
    for (const int channels : {2, 6}) {
      for (const int side : {8, 16, 32}) {
        expect_gradients({pairs, channels, side, 16}, /*of_maps=*/false);
      }
    }
  }
  expect_gradients({3, 1, 10, 48}, /*of_maps=*/false);
}

TEST(PooledStage, HasLibTorchsGradientsForManyChannels) {
  torch::manual_seed(2);
  for (const int pairs : {1, 7, 64}) {
    for (const int side : {8, 16}) {
      expect_gradients({pairs, 16, side, 32}, /*of_maps=*/true);
      expect_gradients({pairs, 32, side, 64}, /*of_maps=*/true);
    }
  }
  expect_gradients({2, 16, 32, 32}, /*of_maps=*/true);
  expect_gradients({64, 32, 8, 64}, /*of_maps=*/false);
  // Strips that end within a map, and maps that fill no strip.
  expect_gradients({9, 16, 10, 48}, /*of_maps=*/true);
  expect_gradients({33, 32, 2, 16}, /*of_maps=*/true);
  expect_gradients({5, 48, 4, 16}, /*of_maps=*/true);
}

TEST(PooledStage, GivesTheSameValuesWithAndWithoutGradients) {
  torch::manual_seed(3);
  for (const int channels : {2, 16}) {
    const auto c = random_case({5, channels, 8, 32}, channels == 16);
    const auto trained = pooled_stage(c.maps, c.weight, c.bias);
    EXPECT_TRUE(trained.requires_grad());
    const torch::NoGradGuard no_grad;
    EXPECT_TRUE(torch::equal(trained, pooled_stage(c.maps, c.weight, c.bias)));
  }
}

TEST(PooledStage, SendsNothingThroughPixelsOfExactlyZero) {
  for (const int channels : {2, 16}) {
    const auto maps = torch::rand({3, channels, 8, 8});
    const auto weight = torch::zeros({16, channels, 3, 3}).requires_grad_(true);
    const auto bias = torch::zeros({16}).requires_grad_(true);
    const auto out = pooled_stage(maps, weight, bias);
    EXPECT_EQ(out.abs().max().item<float>(), 0);
    for (const auto& gradient :
         torch::autograd::grad({out.sum()}, {weight, bias})) {
      EXPECT_EQ(gradient.abs().max().item<float>(), 0);
    }
  }
}

TEST(PooledStage, HidesNoNumberThatIsNone) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  for (const int channels : {2, 16}) {
    const auto maps = torch::rand({2, channels, 8, 8});
    const auto weight =
        torch::full({16, channels, 3, 3}, kNaN).requires_grad_(true);
    const auto out = pooled_stage(maps, weight, torch::zeros({16}));
    EXPECT_TRUE(out.isnan().all().item<bool>());
    const auto found =
        torch::autograd::grad({out.sum()}, {weight}, {torch::tensor(kNaN)});
    EXPECT_TRUE(found[0].isnan().all().item<bool>());
  }
}

TEST(PooledStage, ReadsAnyLayoutAndNoPairsAtAll) {
  torch::manual_seed(4);
  for (const int channels : {2, 16}) {
    const auto c = random_case({3, channels, 8, 16}, channels == 16);
    const auto expected = stage_gradients(c);
    auto last = c;
    const auto format = torch::MemoryFormat::ChannelsLast;
    last.upstream = c.upstream.contiguous(format);
    last.maps = c.maps.detach().contiguous(format).requires_grad_(
        c.maps.requires_grad());
    last.weight = c.weight.detach().contiguous(format).requires_grad_(true);
    const auto got = stage_gradients(last);
    for (std::size_t i = 0; i < got.size(); ++i) {
      EXPECT_TRUE(torch::equal(got[i], expected[i]));
    }
    auto none = c;
    none.maps = c.maps.detach().narrow(0, 0, 0);
    none.upstream = c.upstream.narrow(0, 0, 0);
    EXPECT_EQ(stage_gradients(none)[0].abs().max().item<float>(), 0);
  }
}

TEST(PooledStage, LeavesToLibTorchWhatItCannotDo) {
  const auto maps = torch::rand({2, 2, 8, 8});
  const auto weight = torch::randn({16, 2, 3, 3}).requires_grad_(true);
  EXPECT_TRUE(has_pooled_stage(maps, weight));
  EXPECT_FALSE(has_pooled_stage(torch::rand({2, 2, 9, 9}), weight));
  EXPECT_FALSE(has_pooled_stage(maps.to(torch::kFloat64), weight));
  EXPECT_FALSE(has_pooled_stage(maps, torch::randn({12, 2, 3, 3})));
  const auto asked = torch::rand({2, 2, 8, 8}).requires_grad_(true);
  EXPECT_FALSE(has_pooled_stage(asked, weight));
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(has_pooled_stage(asked, weight));
}

TEST(PooledStage, GivesTheSameBitsOnEveryThread) {
  torch::manual_seed(5);
  const auto c = random_case({7, 16, 8, 32}, /*of_maps=*/true);
  const auto expected = stage_gradients(c);
  std::vector<std::vector<Tensor>> found(3);
  std::vector<std::thread> threads;
  for (auto& got : found) {
    threads.emplace_back([&c, &got] { got = stage_gradients(c); });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& got : found) {
    for (std::size_t i = 0; i < got.size(); ++i) {
      EXPECT_TRUE(torch::equal(got[i], expected[i]));
    }
  }
}

/// A strip of patches forward and back: products, their sum with what is there,
/// and the gradient of the padded map.
template <typename Vector>
std::vector<float> strip(const TileSizes& sizes,
                         const std::vector<float>& padded,
                         const std::vector<float>& kernels) {
  const auto room = [](std::int64_t size) {
    return std::vector<float>(static_cast<std::size_t>(size), 0.0f);
  };
  const auto corners = patch_corners(sizes);
  auto patches = room(kFrequencies * sizes.patch_plane());
  auto products = room(kFrequencies * sizes.cell_plane());
  auto result = kernels;
  auto of_padded = room(sizes.maps() * sizes.padded());
  for (std::int64_t slot = 0; slot < kStrip; ++slot) {
    read_patch<Vector>(sizes, padded.data() + corners[slot],
                       patches.data() + slot * sizes.channels);
  }
  const auto size = sizes.channels * sizes.width;
  for (std::int64_t f = 0; f < kFrequencies; ++f) {
    float* const patch = patches.data() + f * sizes.patch_plane();
    float* const product = products.data() + f * sizes.cell_plane();
    multiply<Vector, false>({patch, sizes.channels, 1,
                             kernels.data() + f * size, product, kStrip,
                             sizes.channels, sizes.width});
    multiply<Vector, true>({patch, 1, sizes.channels, product,
                            result.data() + f * size, sizes.channels, kStrip,
                            sizes.width});
  }
  for (std::int64_t slot = 0; slot < kStrip; ++slot) {
    add_patch<Vector>(sizes, patches.data() + slot * sizes.channels,
                      of_padded.data() + corners[slot]);
  }
  result.insert(result.end(), products.begin(), products.end());
  result.insert(result.end(), of_padded.begin(), of_padded.end());
  return result;
}

std::vector<float> random_values(std::int64_t size, Rng* rng) {
  std::vector<float> values(static_cast<std::size_t>(size));
  for (auto& value : values) value = static_cast<float>(rng->normal());
  return values;
}

/// What wide_stage() does with a patch and a tile's products.
template <typename Vector>
std::vector<float> wide_transforms(const WideSizes& sizes,
                                   const std::vector<float>& padded,
                                   const std::vector<float>& products) {
  const std::int64_t width = sizes.map.width;
  std::vector<float> out(static_cast<std::size_t>(
      kWideFrequencies * sizes.patch_plane() + 16 * width));
  read_wide_patch<Vector>(sizes, padded.data(), out.data());
  float* to = out.data() + kWideFrequencies * sizes.patch_plane();
  for (std::int64_t w = 0; w < width; w += kLanes<Vector>) {
    Vector pixel[4][4];
    read_wide_pixels(products.data() + w, sizes.cell_plane(), pixel);
    for (const auto& row : pixel) {
      for (const auto& one : row) {
        // All of a pixel's channels are together.
        store(one, to + (&row - pixel) * 4 * width + (&one - row) * width + w);
      }
    }
  }
  return out;
}

TEST(WideTiles, GiveTheSameBitsWithVectorsOfAnyWidth) {
  Rng rng(7);
  for (const auto& sizes : {WideSizes{{8, 16, 32}}, WideSizes{{8, 32, 48}}}) {
    const auto padded = random_values(sizes.map.padded(), &rng);
    const auto products =
        random_values(kWideFrequencies * sizes.cell_plane(), &rng);
    const auto expected = wide_transforms<Floats4>(sizes, padded, products);
    EXPECT_EQ(wide_transforms<Floats8>(sizes, padded, products), expected);
    EXPECT_EQ(wide_transforms<Floats16>(sizes, padded, products), expected);
  }
}

TEST(WinogradTiles, GiveTheSameBitsWithVectorsOfAnyWidth) {
  Rng rng(6);
  for (const auto& sizes : std::vector<TileSizes>{{8, 16, 32}, {8, 32, 48}}) {
    const auto padded = random_values(sizes.maps() * sizes.padded(), &rng);
    const auto kernels =
        random_values(kFrequencies * sizes.channels * sizes.width, &rng);
    const auto expected = strip<Floats4>(sizes, padded, kernels);
    EXPECT_EQ(strip<Floats8>(sizes, padded, kernels), expected);
    EXPECT_EQ(strip<Floats16>(sizes, padded, kernels), expected);
  }
}

TEST(Fit, TrainsOnHistogramsToTheSameBitsWithOneAndThreeThreads) {
  auto arch = test::small_architecture();
  arch.encoders = {"histogram"};
  arch.bins = 32;
  const auto world = test::small_world(arch);
  auto control = test::small_control();
  control.epochs = 1;
  control.batch_size = 150;  // three chunks
  std::vector<std::vector<double>> scores;
  for (const int threads : {1, 3}) {
    control.threads = threads;
    const auto fitted = fit(arch, control, world.data, world.training,
                            world.validation, /*init=*/nullptr, {});
    PredictOptions options;
    options.device = test::test_device();
    scores.push_back(
        fitted.model.predict(world.data, world.validation, options).score);
  }
  EXPECT_EQ(scores[0], scores[1]);
}

}  // namespace
}  // namespace musl::nn
