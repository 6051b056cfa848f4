#include <algorithm>
#include <vector>

#include "nn/kernels/winograd_stage.h"
#include "nn/kernels/winograd_tiles.h"

namespace musl::nn {
namespace {

/// Several maps with the buffers for the gradients of their tiles.
struct TilesBack {
  TileSizes sizes;
  const std::int64_t* corner;  // of each tile's patch in `padded`
  const float* padded;         // (maps, side + 2, side + 2, channels)
  const float* weight;         // (16, width, channels), transformed
  const float* upstream;       // (maps, side / 2, side / 2, width)
  const std::int32_t* silent;  // (silent_words(), width)
  float* patches;              // 16 planes of (kStrip, channels)
  float* products;             // 16 planes of (kStrip, width)
  float* of_weight;            // (16, channels, width), transformed
  float* of_bias;              // (width)
  float* of_padded;            // as `padded`, or null
};

/// The gradients of the strip's products, and of the bias.
template <typename Vector>
MUSL_INLINE void read_cells(const TilesBack& stage, std::int64_t first,
                            std::int64_t n) {
  const std::int64_t width = stage.sizes.width;
  for (std::int64_t w = 0; w < width; w += kLanes<Vector>) {
    Vector total{};
    for (std::int64_t slot = 0; slot < n; ++slot) {
      const std::int64_t at = (first + slot) * width + w;
      Vector pixel[4];
      load_pixel_gradients(stage.upstream + at, first + slot, width,
                           stage.silent + w, pixel);
      total += (pixel[0] + pixel[1]) + (pixel[2] + pixel[3]);
      write_pixels(pixel, stage.sizes.cell_plane(),
                   stage.products + slot * width + w);
    }
    Vector before;
    load(stage.of_bias + w, &before);
    store(before + total, stage.of_bias + w);
  }
}

/// The products of one frequency: first for the kernels; their patches are then
/// no longer needed and are overwritten by their gradients.
template <typename Vector>
MUSL_INLINE void multiply_back(const TilesBack& stage, std::int64_t f,
                               std::int64_t n) {
  const TileSizes sizes = stage.sizes;
  float* const patches = stage.patches + f * sizes.patch_plane();
  const float* const products = stage.products + f * sizes.cell_plane();
  const std::int64_t kernel = f * sizes.channels * sizes.width;
  multiply<Vector, true>({patches, 1, sizes.channels, products,
                          stage.of_weight + kernel, sizes.channels, n,
                          sizes.width});
  if (stage.of_padded == nullptr) return;
  multiply<Vector, false>({products, sizes.width, 1, stage.weight + kernel,
                           patches, n, sizes.width, sizes.channels});
}

template <typename Vector>
MUSL_INLINE void run_tiles(const TilesBack& stage, std::int64_t tiles) {
  const TileSizes sizes = stage.sizes;
  for (std::int64_t first = 0; first < tiles; first += kStrip) {
    const std::int64_t n = std::min(kStrip, tiles - first);
    read_patches<Vector>(sizes, stage.padded, stage.corner + first, n,
                         stage.patches);
    read_cells<Vector>(stage, first, n);
    for (std::int64_t f = 0; f < kFrequencies; ++f) {
      multiply_back<Vector>(stage, f, n);
    }
    if (stage.of_padded == nullptr) continue;
    for (std::int64_t slot = 0; slot < n; ++slot) {
      add_patch<Vector>(sizes, stage.patches + slot * sizes.channels,
                        stage.of_padded + stage.corner[first + slot]);
    }
  }
}

void gradients_plain(const TilesBack& stage, std::int64_t tiles) {
  run_tiles<Floats4>(stage, tiles);
}
MUSL_AVX2 void gradients_avx2(const TilesBack& stage, std::int64_t tiles) {
  run_tiles<Floats8>(stage, tiles);
}
MUSL_AVX512 void gradients_avx512(const TilesBack& stage, std::int64_t tiles) {
  run_tiles<Floats16>(stage, tiles);
}

}  // namespace

StageGradients winograd_gradients(const Tensor& maps, const Tensor& weight,
                                  const Tensor& silent, const Tensor& upstream,
                                  bool of_maps) {
  static const auto run = work_for(instruction_sets().back(), gradients_plain,
                                   gradients_avx2, gradients_avx512);
  const auto x = maps.contiguous(at::MemoryFormat::ChannelsLast);
  const auto g = upstream.contiguous(at::MemoryFormat::ChannelsLast);
  const auto kernels = weight.contiguous();
  const TileSizes sizes{x.size(2), x.size(1), weight.size(0)};
  StageGradients found{of_maps ? at::empty_like(x) : Tensor(),
                       at::empty_like(kernels),
                       at::zeros({sizes.width}, x.options())};

  const auto corners = patch_corners(sizes);
  const auto swapped = of_maps
                           ? transform_kernels(sizes, kernels.data_ptr<float>(),
                                               /*swapped=*/true)
                           : std::vector<float>();
  auto padded = zeros(sizes.maps() * sizes.padded());
  auto of_padded = zeros(of_maps ? sizes.maps() * sizes.padded() : 0);
  auto patches = zeros(kFrequencies * sizes.patch_plane());
  auto products = zeros(kFrequencies * sizes.cell_plane());
  auto of_weight = zeros(kFrequencies * sizes.channels * sizes.width);
  TilesBack stage{sizes,
                  corners.data(),
                  padded.data(),
                  swapped.data(),
                  g.data_ptr<float>(),
                  silent.data_ptr<std::int32_t>(),
                  patches.data(),
                  products.data(),
                  of_weight.data(),
                  found.bias.data_ptr<float>(),
                  of_maps ? of_padded.data() : nullptr};
  const std::int64_t size = sizes.side * sizes.side * sizes.channels;
  for (std::int64_t first = 0; first < x.size(0); first += sizes.maps()) {
    const std::int64_t n = std::min(sizes.maps(), x.size(0) - first);
    pad_maps(sizes, x.data_ptr<float>() + first * size, n, padded.data());
    std::fill(of_padded.begin(), of_padded.end(), 0.0f);
    run(stage, n * sizes.cells());
    for (std::int64_t i = 0; of_maps && i < n; ++i) {
      crop(of_padded.data() + i * sizes.padded(), sizes.side, sizes.channels,
           found.maps.data_ptr<float>() + (first + i) * size);
    }
    stage.upstream += n * sizes.cells() * sizes.width;
    stage.silent += silent.size(1) * sizes.width;
  }
  transform_kernels_back(sizes, of_weight.data(),
                         found.weight.data_ptr<float>());
  return found;
}

}  // namespace musl::nn
