#include "nn/kernels/winograd_stage.h"

#include <algorithm>
#include <vector>

#include "nn/kernels/winograd_tiles.h"

namespace musl::nn {
namespace {

/// Several maps with the buffers for their tiles.
struct TilesRun {
  TileSizes sizes;
  const std::int64_t* corner;  // of each tile's patch in `padded`
  const float* padded;         // (maps, side + 2, side + 2, channels)
  const float* weight;         // (16, channels, width), transformed
  const float* bias;           // (width)
  float* patches;              // 16 planes of (kStrip, channels)
  float* products;             // 16 planes of (kStrip, width)
  float* out;                  // (maps, side / 2, side / 2, width)
  std::int32_t* silent;        // (silent_words(), width), or null
};

/// The tile's four pixels from its products; ReLU and their mean.
template <typename Vector>
MUSL_INLINE void write_cell(const TilesRun& stage, std::int64_t tile,
                            std::int64_t slot) {
  const std::int64_t width = stage.sizes.width;
  for (std::int64_t w = 0; w < width; w += kLanes<Vector>) {
    Vector pixel[4], bias;
    read_pixels(stage.products + slot * width + w, stage.sizes.cell_plane(),
                pixel);
    load(stage.bias + w, &bias);
    for (auto& value : pixel) value += bias;
    store_cell(pixel, tile, width, stage.out + w, silent_at(stage.silent, w));
  }
}

template <typename Vector>
MUSL_INLINE void run_tiles(const TilesRun& stage, std::int64_t tiles) {
  const TileSizes sizes = stage.sizes;
  for (std::int64_t first = 0; first < tiles; first += kStrip) {
    const std::int64_t n = std::min(kStrip, tiles - first);
    read_patches<Vector>(sizes, stage.padded, stage.corner + first, n,
                         stage.patches);
    for (std::int64_t f = 0; f < kFrequencies; ++f) {
      multiply<Vector, false>({stage.patches + f * sizes.patch_plane(),
                               sizes.channels, 1,
                               stage.weight + f * sizes.channels * sizes.width,
                               stage.products + f * sizes.cell_plane(), n,
                               sizes.channels, sizes.width});
    }
    for (std::int64_t slot = 0; slot < n; ++slot) {
      write_cell<Vector>(stage, first + slot, slot);
    }
  }
}

void tiles_plain(const TilesRun& stage, std::int64_t tiles) {
  run_tiles<Floats4>(stage, tiles);
}
MUSL_AVX2 void tiles_avx2(const TilesRun& stage, std::int64_t tiles) {
  run_tiles<Floats8>(stage, tiles);
}
MUSL_AVX512 void tiles_avx512(const TilesRun& stage, std::int64_t tiles) {
  run_tiles<Floats16>(stage, tiles);
}

}  // namespace

bool has_winograd_stage(const Tensor& maps, const Tensor& weight) {
  return fits_stage(maps, weight) && maps.size(1) % kStageGroup == 0;
}

Tensor winograd_stage(const Tensor& maps, const Tensor& weight,
                      const Tensor& bias, Tensor* silent) {
  static const auto run = work_for(instruction_sets().back(), tiles_plain,
                                   tiles_avx2, tiles_avx512);
  const auto x = maps.contiguous(at::MemoryFormat::ChannelsLast);
  const auto kernels = weight.contiguous();
  const TileSizes sizes{x.size(2), x.size(1), weight.size(0)};
  auto out = stage_output(x, sizes.width);
  const std::int64_t words = silent_words(sizes.maps() * sizes.cells());
  if (silent != nullptr) {
    const auto blocks = (x.size(0) + sizes.maps() - 1) / sizes.maps();
    *silent = at::zeros({blocks, words, sizes.width}, at::kInt);
  }

  const auto corners = patch_corners(sizes);
  const auto transformed =
      transform_kernels(sizes, kernels.data_ptr<float>(), /*swapped=*/false);
  auto padded = zeros(sizes.maps() * sizes.padded());
  auto patches = zeros(kFrequencies * sizes.patch_plane());
  auto products = zeros(kFrequencies * sizes.cell_plane());
  TilesRun stage{
      sizes,
      corners.data(),
      padded.data(),
      transformed.data(),
      bias.data_ptr<float>(),
      patches.data(),
      products.data(),
      out.data_ptr<float>(),
      silent == nullptr ? nullptr : silent->data_ptr<std::int32_t>()};
  const std::int64_t size = sizes.side * sizes.side * sizes.channels;
  for (std::int64_t first = 0; first < x.size(0); first += sizes.maps()) {
    const std::int64_t n = std::min(sizes.maps(), x.size(0) - first);
    pad_maps(sizes, x.data_ptr<float>() + first * size, n, padded.data());
    run(stage, n * sizes.cells());
    stage.out += n * sizes.cells() * sizes.width;
    if (silent != nullptr) stage.silent += words * sizes.width;
  }
  return out;
}

}  // namespace musl::nn
