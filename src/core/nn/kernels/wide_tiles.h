#pragma once

// The transforms of F(4x4, 3x3): a 6x6 patch of the input, a 3x3 kernel and a
// 4x4 tile of the output, which is four cells of the mean, at their 36 common
// frequencies. Source: Lavin and Gray (2016), arXiv 1509.09308; the points are
// 0, +-11/16, +-11/8 and infinity, which round off 2.5 times less than theirs
// of 1 and 2.

#include <cstdint>
#include <vector>

#include "base/simd.h"
#include "nn/kernels/winograd_tiles.h"

namespace musl::nn {

constexpr std::int64_t kWideFrequencies = 36;    // of a transformed 6x6 patch
constexpr std::int64_t kWideStrip = 16;          // tiles at once, fit in cache
constexpr float kNear = 0.6875f, kFar = 1.375f;  // exact, as their powers
constexpr float kNear2 = kNear * kNear, kFar2 = kFar * kFar;

/// Sizes of a stage over several maps whose side is a multiple of 4.
struct WideSizes {
  TileSizes map;

  [[nodiscard]] std::int64_t tiles() const {  // of a map
    return map.side / 4 * (map.side / 4);
  }
  /// Maps at once: enough to fill a strip; a multiple of map.maps().
  [[nodiscard]] std::int64_t maps() const {
    return std::max<std::int64_t>(1, kWideStrip / tiles());
  }
  /// Floats from one frequency of a strip to the next.
  [[nodiscard]] std::int64_t patch_plane() const {
    return kWideStrip * map.channels + kPlaneGap;
  }
  [[nodiscard]] std::int64_t cell_plane() const {
    return kWideStrip * map.width + kPlaneGap;
  }
};

/// Where a tile of maps() maps begins.
struct WideTile {
  std::int64_t corner;  // of its patch in the padded maps
  std::int64_t cell;    // the upper left one of its four, in the output
};

[[nodiscard]] inline std::vector<WideTile> wide_tiles(const WideSizes& sizes) {
  const TileSizes& map = sizes.map;
  std::vector<WideTile> tiles;
  for (std::int64_t m = 0; m < sizes.maps(); ++m) {
    for (std::int64_t row = 0; row < map.side; row += 4) {
      for (std::int64_t column = 0; column < map.side; column += 4) {
        tiles.push_back(
            {m * map.padded() + row * map.line() + column * map.channels,
             m * map.cells() + row / 2 * (map.side / 2) + column / 2});
      }
    }
  }
  return tiles;
}

/// B^T d of six values, in place.
template <typename Vector>
MUSL_INLINE void transform_wide_patch(Vector (&d)[6]) {
  const Vector first =
      (d[0] * (kNear2 * kFar2) - d[2] * (kNear2 + kFar2)) + d[4];
  const Vector last =
      (d[1] * (kNear2 * kFar2) - d[3] * (kNear2 + kFar2)) + d[5];
  const Vector near_even = d[4] - d[2] * kFar2;
  const Vector near_odd = (d[3] - d[1] * kFar2) * kNear;
  const Vector far_even = d[4] - d[2] * kNear2;
  const Vector far_odd = (d[3] - d[1] * kNear2) * kFar;
  d[0] = first;
  d[1] = near_even + near_odd;
  d[2] = near_even - near_odd;
  d[3] = far_even + far_odd;
  d[4] = far_even - far_odd;
  d[5] = last;
}

/// A patch of all channels at its frequencies, `plane` floats apart.
template <typename Vector>
MUSL_INLINE void read_wide_patch(const WideSizes& sizes, const float* corner,
                                 float* patch) {
  const std::int64_t line = sizes.map.line(), plane = sizes.patch_plane();
  const std::int64_t channels = sizes.map.channels;
  for (std::int64_t c = 0; c < channels; c += kLanes<Vector>) {
    Vector turned[6][6];
    for (int j = 0; j < 6; ++j) {
      Vector d[6];
      for (int i = 0; i < 6; ++i)
        load(corner + i * line + j * channels + c, &d[i]);
      transform_wide_patch(d);
      for (int i = 0; i < 6; ++i) turned[i][j] = d[i];
    }
    for (int i = 0; i < 6; ++i) {
      transform_wide_patch(turned[i]);
      for (int j = 0; j < 6; ++j)
        store(turned[i][j], patch + (i * 6 + j) * plane + c);
    }
  }
}

/// A^T m of six values.
template <typename Vector>
MUSL_INLINE void transform_wide_product(const Vector (&m)[6],
                                        Vector (&out)[4]) {
  const Vector near_sum = m[1] + m[2], near_difference = m[1] - m[2];
  const Vector far_sum = m[3] + m[4], far_difference = m[3] - m[4];
  out[0] = m[0] + (near_sum + far_sum);
  out[1] = near_difference * kNear + far_difference * kFar;
  out[2] = near_sum * kNear2 + far_sum * kFar2;
  out[3] =
      (near_difference * (kNear2 * kNear) + far_difference * (kFar2 * kFar)) +
      m[5];
}

/// A^T m A: a tile's 16 pixels of some channels from their products.
template <typename Vector>
MUSL_INLINE void read_wide_pixels(const float* product, std::int64_t plane,
                                  Vector (&pixel)[4][4]) {
  Vector turned[4][6];
  for (int j = 0; j < 6; ++j) {
    Vector m[6], out[4];
    for (int i = 0; i < 6; ++i) load(product + (i * 6 + j) * plane, &m[i]);
    transform_wide_product(m, out);
    for (int i = 0; i < 4; ++i) turned[i][j] = out[i];
  }
  for (int i = 0; i < 4; ++i) transform_wide_product(turned[i], pixel[i]);
}

/// G g of three values.
template <typename Vector>
MUSL_INLINE void transform_wide_kernel(const Vector (&g)[3], Vector (&out)[6]) {
  constexpr float kOfZero = 1 / (kNear2 * kFar2);
  constexpr float kOfNear = 1 / (2 * kNear2 * (kNear2 - kFar2));
  constexpr float kOfFar = 1 / (2 * kFar2 * (kFar2 - kNear2));
  const Vector near_even = (g[0] + g[2] * kNear2) * kOfNear;
  const Vector near_odd = g[1] * (kNear * kOfNear);
  const Vector far_even = (g[0] + g[2] * kFar2) * kOfFar;
  const Vector far_odd = g[1] * (kFar * kOfFar);
  out[0] = g[0] * kOfZero;
  out[1] = near_even + near_odd;
  out[2] = near_even - near_odd;
  out[3] = far_even + far_odd;
  out[4] = far_even - far_odd;
  out[5] = g[2];
}

/// (W, C, 3, 3) -> (9, C, W), so that vectors hold kernels.
inline std::vector<float> kernel_taps(const TileSizes& sizes,
                                      const float* weight) {
  const std::int64_t count = sizes.channels * sizes.width;
  std::vector<float> taps(static_cast<std::size_t>(9 * count));
  for (std::int64_t c = 0; c < sizes.channels; ++c) {
    for (std::int64_t w = 0; w < sizes.width; ++w) {
      const float* const g = weight + (w * sizes.channels + c) * 9;
      float* const to = taps.data() + c * sizes.width + w;
      for (int tap = 0; tap < 9; ++tap) to[tap * count] = g[tap];
    }
  }
  return taps;
}

/// G g G^T of all kernels, (W, C, 3, 3) -> (36, C, W).
inline std::vector<float> transform_wide_kernels(const TileSizes& sizes,
                                                 const float* weight) {
  const std::int64_t count = sizes.channels * sizes.width;
  const auto taps = kernel_taps(sizes, weight);
  std::vector<float> out(static_cast<std::size_t>(kWideFrequencies * count));
  for (std::int64_t k = 0; k < count; k += kLanes<Floats4>) {
    Floats4 turned[6][3];
    for (int j = 0; j < 3; ++j) {
      Floats4 g[3], column[6];
      for (int i = 0; i < 3; ++i) {
        load(taps.data() + (i * 3 + j) * count + k, &g[i]);
      }
      transform_wide_kernel(g, column);
      for (int i = 0; i < 6; ++i) turned[i][j] = column[i];
    }
    for (int i = 0; i < 6; ++i) {
      Floats4 row[6];
      transform_wide_kernel(turned[i], row);
      for (int j = 0; j < 6; ++j) {
        store(row[j], out.data() + (i * 6 + j) * count + k);
      }
    }
  }
  return out;
}

}  // namespace musl::nn
