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

/// Marks which pixels of a cell ReLU zeroes, four bits in each lane, in words
/// (silent_words(), width) that are 0.
template <typename Vector>
MUSL_INLINE void mark_silent(const Vector (&pixel)[4], std::int64_t cell,
                             std::int64_t width, std::int32_t* words) {
  decltype(pixel[0] <= 0) before;
  const auto bits = ((pixel[0] <= 0) & 1) | ((pixel[1] <= 0) & 2) |
                    ((pixel[2] <= 0) & 4) | ((pixel[3] <= 0) & 8);
  std::int32_t* const word = words + cell / 8 * width;
  load(word, &before);
  store(before | (bits << static_cast<int>(cell % 8 * 4)), word);
}

/// Writes the mean of a cell's ReLU to out (cells, width) and, unless `silent`
/// is null, mark_silent().
template <typename Vector>
MUSL_INLINE void store_cell(const Vector (&pixel)[4], std::int64_t cell,
                            std::int64_t width, float* out,
                            std::int32_t* silent) {
  Vector mean;
  mean_of_relu(pixel, &mean);
  store(mean, out + cell * width);
  if (silent != nullptr) mark_silent(pixel, cell, width, silent);
}

/// The place of a channel in words that may be null.
inline std::int32_t* silent_at(std::int32_t* silent, std::int64_t channel) {
  return silent == nullptr ? nullptr : silent + channel;
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
