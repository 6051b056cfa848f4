#include "nn/kernels/wide_stage.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "nn/kernels/wide_tiles.h"
#include "nn/kernels/winograd_stage.h"

namespace musl::nn {
namespace {

/// Several maps with the buffers for their tiles.
struct WideRun {
  WideSizes sizes;
  const WideTile* tile;
  const float* padded;   // (maps, side + 2, side + 2, channels)
  const float* weight;   // (36, channels, width), transformed
  const float* bias;     // (width)
  float* patches;        // 36 planes of (kWideStrip, channels)
  float* products;       // 36 planes of (kWideStrip, width)
  float* out;            // (maps, side / 2, side / 2, width)
  std::int32_t* silent;  // (blocks, words, width), all 0, or null
  std::int64_t words;    // silent_words() of a block of map.maps() maps
};

/// ReLU and mean of two rows of pixels, which are two cells from `cell` on.
template <typename Vector>
MUSL_INLINE void write_two_cells(const WideRun& stage, const Vector (&upper)[4],
                                 const Vector (&lower)[4], std::int64_t cell,
                                 std::int64_t w) {
  const TileSizes& map = stage.sizes.map;
  Vector bias;
  load(stage.bias + w, &bias);
  for (int c = 0; c < 2; ++c, ++cell) {
    const Vector pixel[4] = {upper[2 * c] + bias, upper[2 * c + 1] + bias,
                             lower[2 * c] + bias, lower[2 * c + 1] + bias};
    // Marks start anew in each block of maps.
    const std::int64_t cells = map.maps() * map.cells();
    const std::int64_t block = cell / cells;
    store_cell(pixel, cell % cells, map.width,
               stage.out + block * cells * map.width + w,
               silent_at(stage.silent, block * stage.words * map.width + w));
  }
}

template <typename Vector>
MUSL_INLINE void write_wide_cells(const WideRun& stage, std::int64_t cell,
                                  std::int64_t slot) {
  const TileSizes& map = stage.sizes.map;
  for (std::int64_t w = 0; w < map.width; w += kLanes<Vector>) {
    Vector pixel[4][4];
    read_wide_pixels(stage.products + slot * map.width + w,
                     stage.sizes.cell_plane(), pixel);
    write_two_cells(stage, pixel[0], pixel[1], cell, w);
    write_two_cells(stage, pixel[2], pixel[3], cell + map.side / 2, w);
  }
}

template <typename Vector>
MUSL_INLINE void run_wide_tiles(const WideRun& stage, std::int64_t tiles) {
  const TileSizes& map = stage.sizes.map;
  const std::int64_t patch_plane = stage.sizes.patch_plane();
  const std::int64_t cell_plane = stage.sizes.cell_plane();
  for (std::int64_t first = 0; first < tiles; first += kWideStrip) {
    const std::int64_t n = std::min(kWideStrip, tiles - first);
    const WideTile* const tile = stage.tile + first;
    for (std::int64_t slot = 0; slot < n; ++slot) {
      read_wide_patch<Vector>(stage.sizes, stage.padded + tile[slot].corner,
                              stage.patches + slot * map.channels);
    }
    for (std::int64_t f = 0; f < kWideFrequencies; ++f) {
      multiply<Vector, false>({stage.patches + f * patch_plane, map.channels, 1,
                               stage.weight + f * map.channels * map.width,
                               stage.products + f * cell_plane, n, map.channels,
                               map.width});
    }
    for (std::int64_t slot = 0; slot < n; ++slot) {
      write_wide_cells<Vector>(stage, tile[slot].cell, slot);
    }
  }
}

void wide_plain(const WideRun& stage, std::int64_t tiles) {
  run_wide_tiles<Floats4>(stage, tiles);
}
MUSL_AVX2 void wide_avx2(const WideRun& stage, std::int64_t tiles) {
  run_wide_tiles<Floats8>(stage, tiles);
}
MUSL_AVX512 void wide_avx512(const WideRun& stage, std::int64_t tiles) {
  run_wide_tiles<Floats16>(stage, tiles);
}

/// The kernels of a stage, as given and transformed. Chunks of pairs share
/// their weights, so that each thread keeps those of the last stages it
/// computed.
struct KeptKernels {
  std::int64_t channels, width;
  std::vector<float> given, transformed;
};

const float* transformed_kernels(const TileSizes& sizes, const Tensor& weight) {
  constexpr std::size_t kMostKept = 4;  // stages of a network, and some
  thread_local std::vector<KeptKernels> kept;
  const auto* const given = weight.data_ptr<float>();
  const auto n = weight.numel();
  const auto found =
      std::find_if(kept.begin(), kept.end(), [&](const KeptKernels& one) {
        return one.channels == sizes.channels && one.width == sizes.width &&
               std::memcmp(one.given.data(), given,
                           one.given.size() * sizeof(float)) == 0;
      });
  if (found != kept.end()) {
    std::rotate(kept.begin(), found, found + 1);  // the latest first
  } else {
    if (kept.size() == kMostKept) kept.pop_back();
    kept.insert(kept.begin(), {sizes.channels,
                               sizes.width,
                               {given, given + n},
                               transform_wide_kernels(sizes, given)});
  }
  return kept.front().transformed.data();
}

}  // namespace

bool has_wide_stage(const Tensor& maps, const Tensor& weight) {
  return has_winograd_stage(maps, weight) && maps.size(2) % 4 == 0;
}

Tensor wide_stage(const Tensor& maps, const Tensor& weight, const Tensor& bias,
                  Tensor* silent) {
  static const auto run =
      work_for(instruction_sets().back(), wide_plain, wide_avx2, wide_avx512);
  const auto x = maps.contiguous(at::MemoryFormat::ChannelsLast);
  const auto kernels = weight.contiguous();
  const WideSizes sizes{{x.size(2), x.size(1), weight.size(0)}};
  const TileSizes& map = sizes.map;
  auto out = stage_output(x, map.width);
  const std::int64_t words = silent_words(map.maps() * map.cells());
  if (silent != nullptr) {
    const auto blocks = (x.size(0) + map.maps() - 1) / map.maps();
    *silent = at::zeros({blocks, words, map.width}, at::kInt);
  }

  const auto tiles = wide_tiles(sizes);
  auto padded = zeros(sizes.maps() * map.padded());
  auto patches = zeros(kWideFrequencies * sizes.patch_plane());
  auto products = zeros(kWideFrequencies * sizes.cell_plane());
  WideRun stage{sizes,
                tiles.data(),
                padded.data(),
                transformed_kernels(map, kernels),
                bias.data_ptr<float>(),
                patches.data(),
                products.data(),
                out.data_ptr<float>(),
                silent == nullptr ? nullptr : silent->data_ptr<std::int32_t>(),
                words};
  const std::int64_t size = map.side * map.side * map.channels;
  for (std::int64_t first = 0; first < x.size(0); first += sizes.maps()) {
    const std::int64_t n = std::min(sizes.maps(), x.size(0) - first);
    pad_maps(map, x.data_ptr<float>() + first * size, n, padded.data());
    run(stage, n * sizes.tiles());
    stage.out += n * map.cells() * map.width;
    if (silent != nullptr) {
      stage.silent += sizes.maps() / map.maps() * words * map.width;
    }
  }
  return out;
}

}  // namespace musl::nn
