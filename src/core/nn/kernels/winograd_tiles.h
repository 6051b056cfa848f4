#pragma once

// The transforms of F(2x2, 3x3): a 4x4 patch of the input, a 3x3 kernel and a
// 2x2 tile of the output at their 16 common frequencies, and the reverse of all
// three, for gradients. Source: Lavin and Gray (2016), arXiv 1509.09308.

#include <cstdint>
#include <vector>

#include "base/simd.h"
#include "nn/kernels/pooled_cell.h"

namespace musl::nn {

constexpr std::int64_t kFrequencies = 16;  // of a transformed 4x4 patch
constexpr std::int64_t kStrip = 32;        // tiles at once, fit in cache
/// Gap between the planes of two frequencies, so that equal positions of 16
/// planes do not all compete for one cache line.
constexpr std::int64_t kPlaneGap = 16;

/// Sizes of a stage over several maps.
struct TileSizes {
  std::int64_t side, channels, width;  // of a map; channels in, channels out

  [[nodiscard]] std::int64_t cells() const { return side / 2 * (side / 2); }
  [[nodiscard]] std::int64_t padded() const {  // floats of a padded map
    return (side + 2) * (side + 2) * channels;
  }
  [[nodiscard]] std::int64_t line() const { return (side + 2) * channels; }
  /// Maps at once: enough to fill a strip.
  [[nodiscard]] std::int64_t maps() const {
    return std::max<std::int64_t>(1, kStrip / cells());
  }
  /// Floats from one frequency of a strip to the next.
  [[nodiscard]] std::int64_t patch_plane() const {
    return kStrip * channels + kPlaneGap;
  }
  [[nodiscard]] std::int64_t cell_plane() const {
    return kStrip * width + kPlaneGap;
  }
};

/// Pads `n` maps (side, side, channels).
inline void pad_maps(const TileSizes& sizes, const float* maps, std::int64_t n,
                     float* padded) {
  const std::int64_t size = sizes.side * sizes.side * sizes.channels;
  for (std::int64_t i = 0; i < n; ++i) {
    pad(maps + i * size, sizes.side, sizes.channels,
        padded + i * sizes.padded());
  }
}

/// Start of the patch of each tile of maps() padded maps.
inline std::vector<std::int64_t> patch_corners(const TileSizes& sizes) {
  std::vector<std::int64_t> corners;
  for (std::int64_t map = 0; map < sizes.maps(); ++map) {
    for (std::int64_t row = 0; row < sizes.side; row += 2) {
      for (std::int64_t column = 0; column < sizes.side; column += 2) {
        corners.push_back(map * sizes.padded() + row * sizes.line() +
                          column * sizes.channels);
      }
    }
  }
  return corners;
}

/// B^T d of four values, in place.
template <typename Vector>
MUSL_INLINE void transform_patch(Vector* a, Vector* b, Vector* c, Vector* d) {
  const Vector first = *a - *c, second = *b + *c;
  const Vector third = *c - *b, fourth = *b - *d;
  *a = first;
  *b = second;
  *c = third;
  *d = fourth;
}

/// B d of four values, in place.
template <typename Vector>
MUSL_INLINE void transform_patch_back(Vector* a, Vector* b, Vector* c,
                                      Vector* d) {
  const Vector first = *a, second = (*b - *c) + *d;
  const Vector third = (*b + *c) - *a, fourth = -*d;
  *a = first;
  *b = second;
  *c = third;
  *d = fourth;
}

/// A patch of all channels at its frequencies, `plane` floats apart.
template <typename Vector>
MUSL_INLINE void read_patch(const TileSizes& sizes, const float* corner,
                            float* patch) {
  const std::int64_t line = sizes.line(), plane = sizes.patch_plane();
  for (std::int64_t c = 0; c < sizes.channels; c += kLanes<Vector>) {
    Vector d[4][4];
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < 4; ++j) {
        load(corner + i * line + j * sizes.channels + c, &d[i][j]);
      }
    }
    for (int j = 0; j < 4; ++j) {
      transform_patch(&d[0][j], &d[1][j], &d[2][j], &d[3][j]);
    }
    for (int i = 0; i < 4; ++i) {
      transform_patch(&d[i][0], &d[i][1], &d[i][2], &d[i][3]);
      for (int j = 0; j < 4; ++j)
        store(d[i][j], patch + (i * 4 + j) * plane + c);
    }
  }
}

/// The patches of the strip of `n` tiles whose corners these are.
template <typename Vector>
MUSL_INLINE void read_patches(const TileSizes& sizes, const float* padded,
                              const std::int64_t* corner, std::int64_t n,
                              float* patches) {
  for (std::int64_t slot = 0; slot < n; ++slot) {
    read_patch<Vector>(sizes, padded + corner[slot],
                       patches + slot * sizes.channels);
  }
}

/// Adds the gradient of a patch to that of the padded map; read_patch()
/// backward.
template <typename Vector>
MUSL_INLINE void add_patch(const TileSizes& sizes, const float* patch,
                           float* corner) {
  const std::int64_t line = sizes.line(), plane = sizes.patch_plane();
  for (std::int64_t c = 0; c < sizes.channels; c += kLanes<Vector>) {
    Vector d[4][4];
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < 4; ++j)
        load(patch + (i * 4 + j) * plane + c, &d[i][j]);
    }
    for (int j = 0; j < 4; ++j) {
      transform_patch_back(&d[0][j], &d[1][j], &d[2][j], &d[3][j]);
    }
    for (int i = 0; i < 4; ++i) {
      transform_patch_back(&d[i][0], &d[i][1], &d[i][2], &d[i][3]);
      for (int j = 0; j < 4; ++j) {
        float* const to = corner + i * line + j * sizes.channels + c;
        Vector sum;
        load(to, &sum);
        store(sum + d[i][j], to);
      }
    }
  }
}

/// A^T m A: a tile's four pixels of some channels from their products.
template <typename Vector>
MUSL_INLINE void read_pixels(const float* product, std::int64_t plane,
                             Vector (&pixel)[4]) {
  Vector upper[4], lower[4];
  for (int j = 0; j < 4; ++j) {
    Vector m[4];
    for (int i = 0; i < 4; ++i) load(product + (i * 4 + j) * plane, &m[i]);
    upper[j] = (m[0] + m[1]) + m[2];
    lower[j] = (m[1] - m[2]) - m[3];
  }
  pixel[0] = (upper[0] + upper[1]) + upper[2];
  pixel[1] = (upper[1] - upper[2]) - upper[3];
  pixel[2] = (lower[0] + lower[1]) + lower[2];
  pixel[3] = (lower[1] - lower[2]) - lower[3];
}

/// A y A^T: the gradients of the products from those of a tile's pixels;
/// read_pixels() backward.
template <typename Vector>
MUSL_INLINE void write_pixels(const Vector (&pixel)[4], std::int64_t plane,
                              float* product) {
  const Vector rows[4][2] = {{pixel[0], pixel[1]},
                             {pixel[0] + pixel[2], pixel[1] + pixel[3]},
                             {pixel[0] - pixel[2], pixel[1] - pixel[3]},
                             {-pixel[2], -pixel[3]}};
  for (int i = 0; i < 4; ++i) {
    float* const to = product + std::int64_t{4} * i * plane;
    store(rows[i][0], to);
    store(rows[i][0] + rows[i][1], to + plane);
    store(rows[i][0] - rows[i][1], to + 2 * plane);
    store(-rows[i][1], to + 3 * plane);
  }
}

/// G g G^T of all kernels, (W, C, 3, 3) -> (16, C, W), or (16, W, C) where
/// `swapped`.
inline std::vector<float> transform_kernels(const TileSizes& sizes,
                                            const float* weight, bool swapped) {
  const std::int64_t count = sizes.channels * sizes.width;
  const std::int64_t inner = swapped ? sizes.channels : sizes.width;
  std::vector<float> out(static_cast<std::size_t>(kFrequencies * count));
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t w = swapped ? k / inner : k % inner;
    const std::int64_t c = swapped ? k % inner : k / inner;
    const float* const g = weight + (w * sizes.channels + c) * 9;
    float rows[4][3];
    for (int j = 0; j < 3; ++j) {
      const float ends = g[j] + g[6 + j];
      rows[0][j] = g[j];
      rows[1][j] = (ends + g[3 + j]) * 0.5f;
      rows[2][j] = (ends - g[3 + j]) * 0.5f;
      rows[3][j] = g[6 + j];
    }
    float* to = out.data() + k;
    for (const auto& row : rows) {
      const float ends = row[0] + row[2];
      to[0] = row[0];
      to[count] = (ends + row[1]) * 0.5f;
      to[2 * count] = (ends - row[1]) * 0.5f;
      to[3 * count] = row[2];
      to += 4 * count;
    }
  }
  return out;
}

/// G^T u G of all kernels, (16, C, W) -> (W, C, 3, 3); transform_kernels()
/// backward.
inline void transform_kernels_back(const TileSizes& sizes, const float* u,
                                   float* weight) {
  const std::int64_t count = sizes.channels * sizes.width;
  for (std::int64_t k = 0; k < count; ++k) {
    float rows[3][4];
    for (int j = 0; j < 4; ++j) {
      const float* const from = u + k + j * count;
      const float sum = from[4 * count] + from[8 * count];
      const float difference = from[4 * count] - from[8 * count];
      rows[0][j] = from[0] + sum * 0.5f;
      rows[1][j] = difference * 0.5f;
      rows[2][j] = from[12 * count] + sum * 0.5f;
    }
    const std::int64_t c = k / sizes.width, w = k % sizes.width;
    float* to = weight + (w * sizes.channels + c) * 9;
    for (const auto& row : rows) {
      const float sum = (row[1] + row[2]) * 0.5f;
      to[0] = row[0] + sum;
      to[1] = (row[1] - row[2]) * 0.5f;
      to[2] = row[3] + sum;
      to += 3;
    }
  }
}

/// Matrix product: (rows, depth) times (depth, columns).
struct Product {
  const float* left;
  std::int64_t row_step, depth_step;  // between the numbers of `left`
  const float* right;
  float* out;
  std::int64_t rows, depth, columns;
};

/// kRows rows from `row` on, kVectors vectors of columns from `column` on.
template <typename Vector, bool kAdd, int kRows, int kVectors>
MUSL_INLINE void multiply_block(const Product& product, std::int64_t row,
                                std::int64_t column) {
  constexpr std::int64_t kStep = kLanes<Vector>;
  Vector sums[kRows][kVectors] = {};
  const float* left = product.left + row * product.row_step;
  const float* right = product.right + column;
  for (std::int64_t d = 0; d < product.depth; ++d) {
    Vector factor[kVectors];
    for (int v = 0; v < kVectors; ++v) load(right + v * kStep, &factor[v]);
    for (int r = 0; r < kRows; ++r) {
      for (int v = 0; v < kVectors; ++v) {
        sums[r][v] += factor[v] * left[r * product.row_step];
      }
    }
    left += product.depth_step;
    right += product.columns;
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      float* const to =
          product.out + (row + r) * product.columns + column + v * kStep;
      if constexpr (kAdd) {
        Vector before;
        load(to, &before);
        sums[r][v] += before;
      }
      store(sums[r][v], to);
    }
  }
}

template <typename Vector, bool kAdd, int kVectors>
MUSL_INLINE void multiply_columns(const Product& product) {
  constexpr int kRows = sizeof(Vector) == 64 ? 8 : 4;  // as registers allow
  for (std::int64_t column = 0; column < product.columns;
       column += kVectors * kLanes<Vector>) {
    std::int64_t row = 0;
    for (; row + kRows <= product.rows; row += kRows) {
      multiply_block<Vector, kAdd, kRows, kVectors>(product, row, column);
    }
    for (; row < product.rows; ++row) {
      multiply_block<Vector, kAdd, 1, kVectors>(product, row, column);
    }
  }
}

/// out = left right, or added to out.
template <typename Vector, bool kAdd>
MUSL_INLINE void multiply(const Product& product) {
  if (product.columns % (2 * kLanes<Vector>) == 0) {
    multiply_columns<Vector, kAdd, 2>(product);
  } else {
    multiply_columns<Vector, kAdd, 1>(product);
  }
}

}  // namespace musl::nn
