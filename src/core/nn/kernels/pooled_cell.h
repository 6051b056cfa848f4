#pragma once

// Shared by the fused stages: a cell of the 2x2 mean, forward and backward.
// Vectors hold one value for each of several channels.

#include <algorithm>
#include <cstdint>

#include "base/simd.h"

namespace musl::nn {

template <typename Vector>
constexpr std::int64_t kLanes = sizeof(Vector) / sizeof(float);

template <typename Vector>
MUSL_INLINE void store(const Vector& x, void* to) {
  std::memcpy(to, &x, sizeof(x));
}

/// ReLU and mean of a cell's four pixels: upper left, upper right, lower left,
/// lower right.
template <typename Vector>
MUSL_INLINE void mean_of_relu(const Vector (&pixel)[4], Vector* mean) {
  const Vector zero{};
  Vector kept[4];
  for (int p = 0; p < 4; ++p) kept[p] = pixel[p] <= 0 ? zero : pixel[p];
  *mean = ((kept[0] + kept[1]) + (kept[2] + kept[3])) * 0.25f;
}

/// Number of 32-bit words per channel that store which pixels of so many cells
/// ReLU zeroed: four bits per cell.
inline std::int64_t silent_words(std::int64_t cells) { return (cells + 7) / 8; }

/// Four bits, of the pixels of a cell that ReLU zeroes, in each lane.
template <typename Vector, typename Bits>
MUSL_INLINE void silent_bits(const Vector (&pixel)[4], Bits* bits) {
  *bits = ((pixel[0] <= 0) & 1) | ((pixel[1] <= 0) & 2) |
          ((pixel[2] <= 0) & 4) | ((pixel[3] <= 0) & 8);
}

/// Stores which pixels of a cell ReLU zeroes in words (silent_words(), width)
/// that are 0.
template <typename Vector>
MUSL_INLINE void mark_silent(const Vector (&pixel)[4], std::int64_t cell,
                             std::int64_t width, std::int32_t* words) {
  decltype(pixel[0] <= 0) bits, before;
  silent_bits(pixel, &bits);
  std::int32_t* const word = words + cell / 8 * width;
  load(word, &before);
  store(before | (bits << static_cast<int>(cell % 8 * 4)), word);
}

/// mark_silent() of cells in ascending order, so that the first of a word
/// clears it.
template <typename Vector>
MUSL_INLINE void store_silent(const Vector (&pixel)[4], std::int64_t cell,
                              std::int64_t width, std::int32_t* words) {
  if (cell % 8 != 0) return mark_silent(pixel, cell, width, words);
  decltype(pixel[0] <= 0) bits;
  silent_bits(pixel, &bits);
  store(bits, words + cell / 8 * width);
}

/// The gradients of a cell's pixels from that of the mean; mean_of_relu()
/// backward.
template <typename Vector>
MUSL_INLINE void load_pixel_gradients(const float* mean, std::int64_t cell,
                                      std::int64_t width,
                                      const std::int32_t* words,
                                      Vector (&pixel)[4]) {
  Vector share;
  load(mean, &share);
  share *= 0.25f;
  decltype(share > 0) bits;
  load(words + cell / 8 * width, &bits);
  bits >>= static_cast<int>(cell % 8 * 4);
  const Vector zero{};
  for (int p = 0; p < 4; ++p) {
    pixel[p] = (bits & (1 << p)) != 0 ? zero : share;
  }
}

/// (side, side, channels) into the middle of (side + 2, side + 2, channels).
inline void pad(const float* map, std::int64_t side, std::int64_t channels,
                float* padded) {
  for (std::int64_t row = 0; row < side; ++row) {
    std::copy_n(map + row * side * channels, side * channels,
                padded + ((row + 1) * (side + 2) + 1) * channels);
  }
}

/// The same for consecutive maps of one channel.
inline void pad_planes(const float* maps, std::int64_t count, std::int64_t side,
                       float* padded) {
  for (std::int64_t i = 0; i < count; ++i) {
    pad(maps + i * side * side, side, 1, padded + i * (side + 2) * (side + 2));
  }
}

/// pad() backward.
inline void crop(const float* padded, std::int64_t side, std::int64_t channels,
                 float* map) {
  for (std::int64_t row = 0; row < side; ++row) {
    std::copy_n(padded + ((row + 1) * (side + 2) + 1) * channels,
                side * channels, map + row * side * channels);
  }
}

}  // namespace musl::nn
