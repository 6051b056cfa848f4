#include "nn/encoders/map_stage.h"

#include <algorithm>
#include <vector>

#include "simd.h"

namespace musl::nn {
namespace {

constexpr int kGroup = 16;  // channels out that are computed together
constexpr int kTaps = 9;    // of a 3x3 kernel

/// One map with a border of zeros, and the weights of one group of channels
/// out: (C, 9, kGroup).
struct Stage {
  const float* padded;
  const float* weight;
  const float* bias;
  std::int64_t channels;
  std::int64_t side;
};

/// kCells neighbouring cells of the pooled map, from pixel (row, column) on;
/// Vector holds some of a group's channels.
template <typename Vector, int kCells>
MUSL_INLINE void pooled_cells(const Stage& stage, std::int64_t row,
                              std::int64_t column, std::int64_t channel,
                              std::int64_t out_stride, float* out) {
  constexpr int kPixels = 2 * kCells;  // in each of two rows
  const std::int64_t stride = stage.side + 2;
  Vector sums[2][kPixels];
  for (auto& line : sums) {
    for (auto& sum : line) load(stage.bias + channel, &sum);
  }
  for (std::int64_t c = 0; c < stage.channels; ++c) {
    const float* const plane =
        stage.padded + (c * stride + row) * stride + column;
    const float* const weight = stage.weight + c * kTaps * kGroup + channel;
    for (int tap = 0; tap < kTaps; ++tap) {
      Vector w;
      load(weight + tap * kGroup, &w);
      const float* const pixel = plane + tap / 3 * stride + tap % 3;
      for (int p = 0; p < kPixels; ++p) {
        sums[0][p] += w * pixel[p];
        sums[1][p] += w * pixel[stride + p];
      }
    }
  }
  const Vector zero{};
  for (auto& line : sums) {
    for (auto& sum : line) sum = sum > 0 ? sum : zero;
  }
  for (int cell = 0; cell < kCells; ++cell) {
    const int p = 2 * cell;
    const Vector mean =
        ((sums[0][p] + sums[0][p + 1]) + (sums[1][p] + sums[1][p + 1])) * 0.25f;
    std::memcpy(out + cell * out_stride + channel, &mean, sizeof(mean));
  }
}

/// out (K / 2, K / 2, out_stride), its first kGroup channels.
template <typename Vector>
MUSL_INLINE void pooled_map(const Stage& stage, std::int64_t out_stride,
                            float* out) {
  constexpr std::int64_t kLanes = sizeof(Vector) / sizeof(float);
  for (std::int64_t row = 0; row < stage.side; row += 2) {
    for (std::int64_t channel = 0; channel < kGroup; channel += kLanes) {
      float* next = out + row / 2 * (stage.side / 2) * out_stride;
      std::int64_t column = 0;
      for (; column + 4 <= stage.side; column += 4, next += 2 * out_stride) {
        pooled_cells<Vector, 2>(stage, row, column, channel, out_stride, next);
      }
      if (column < stage.side) {
        pooled_cells<Vector, 1>(stage, row, column, channel, out_stride, next);
      }
    }
  }
}

void map_plain(const Stage& stage, std::int64_t out_stride, float* out) {
  pooled_map<Floats4>(stage, out_stride, out);
}

MUSL_AVX2 void map_avx2(const Stage& stage, std::int64_t out_stride,
                        float* out) {
  pooled_map<Floats8>(stage, out_stride, out);
}

MUSL_AVX512 void map_avx512(const Stage& stage, std::int64_t out_stride,
                            float* out) {
  pooled_map<Floats16>(stage, out_stride, out);
}

/// (C, K, K) into the middle of (C, K + 2, K + 2).
void pad(const float* map, std::int64_t channels, std::int64_t side,
         float* padded) {
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t row = 0; row < side; ++row) {
      std::copy_n(map + (c * side + row) * side, side,
                  padded + (c * (side + 2) + row + 1) * (side + 2) + 1);
    }
  }
}

/// (W, C, 3, 3) -> (W / kGroup, C, 9, kGroup)
Tensor group_weights(const Tensor& weight) {
  return weight
      .reshape({weight.size(0) / kGroup, kGroup, weight.size(1), kTaps})
      .permute({0, 2, 3, 1})
      .contiguous();
}

}  // namespace

bool has_map_stage(const Tensor& maps, const Tensor& weight) {
  return !c10::GradMode::is_enabled() && maps.is_cpu() &&
         maps.scalar_type() == torch::kFloat32 &&
         weight.scalar_type() == torch::kFloat32 && maps.size(2) % 2 == 0 &&
         maps.size(2) == maps.size(3) && weight.size(0) % kGroup == 0;
}

Tensor map_stage(const Tensor& maps, const Tensor& weight, const Tensor& bias) {
  static const auto pooled =
      work_for(instruction_sets().back(), map_plain, map_avx2, map_avx512);
  const auto x = maps.contiguous();
  const auto groups = group_weights(weight);
  const auto n = x.size(0), channels = x.size(1), side = x.size(2);
  const auto width = weight.size(0);
  const auto cells = side / 2 * (side / 2);
  auto out = torch::empty({n, width, side / 2, side / 2}, x.options(),
                          torch::MemoryFormat::ChannelsLast);
  const auto plane = (side + 2) * (side + 2);
  std::vector<float> padded(static_cast<std::size_t>(channels * plane), 0.0f);
  for (std::int64_t i = 0; i < n; ++i) {
    pad(x.data_ptr<float>() + i * channels * side * side, channels, side,
        padded.data());
    for (std::int64_t first = 0; first < width; first += kGroup) {
      const Stage stage{
          padded.data(),
          groups.data_ptr<float>() + first / kGroup * channels * kTaps * kGroup,
          bias.data_ptr<float>() + first, channels, side};
      pooled(stage, width, out.data_ptr<float>() + i * cells * width + first);
    }
  }
  return out;
}

}  // namespace musl::nn
