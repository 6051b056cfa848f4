#include "nn/kernels/map_stage.h"

#include <vector>

#include "nn/kernels/pooled_cell.h"
#include "nn/kernels/symmetric_stage.h"

namespace musl::nn {
namespace {

/// One map with a border of zeros, and the weights of one group of channels
/// out: (C, 9, kStageGroup).
struct MapRun {
  const float* padded;
  const float* weight;
  const float* bias;
  std::int64_t channels;
  std::int64_t side;
  std::int64_t width;    // from one cell to the next in what is written
  float* out;            // (K / 2, K / 2, width), the group's channels
  std::int32_t* silent;  // (silent_words(), width), or null
};

/// kCells neighbouring cells of the pooled map, from number `cell` at pixel
/// (row, column) on; Vector holds some of a group's channels.
template <typename Vector, int kCells>
MUSL_INLINE void pooled_cells(const MapRun& stage, std::int64_t cell,
                              std::int64_t row, std::int64_t column,
                              std::int64_t channel) {
  constexpr int kPixels = 2 * kCells;  // in each of two rows
  const std::int64_t stride = stage.side + 2;
  Vector sums[2][kPixels];
  for (auto& line : sums) {
    for (auto& sum : line) load(stage.bias + channel, &sum);
  }
  for (std::int64_t c = 0; c < stage.channels; ++c) {
    const float* const plane =
        stage.padded + (c * stride + row) * stride + column;
    const float* const weight =
        stage.weight + c * kTaps * kStageGroup + channel;
    for (int tap = 0; tap < kTaps; ++tap) {
      Vector w;
      load(weight + tap * kStageGroup, &w);
      const float* const pixel = plane + tap / 3 * stride + tap % 3;
      for (int p = 0; p < kPixels; ++p) {
        sums[0][p] += w * pixel[p];
        sums[1][p] += w * pixel[stride + p];
      }
    }
  }
  for (int p = 0; p < kPixels; p += 2, ++cell) {
    const Vector pixel[4] = {sums[0][p], sums[0][p + 1], sums[1][p],
                             sums[1][p + 1]};
    store_cell(pixel, cell, stage.width, stage.out + channel,
               silent_at(stage.silent, channel));
  }
}

template <typename Vector>
MUSL_INLINE void pooled_map(const MapRun& stage) {
  for (std::int64_t row = 0; row < stage.side; row += 2) {
    for (std::int64_t channel = 0; channel < kStageGroup;
         channel += kLanes<Vector>) {
      std::int64_t cell = row / 2 * (stage.side / 2);
      std::int64_t column = 0;
      for (; column + 4 <= stage.side; column += 4, cell += 2) {
        pooled_cells<Vector, 2>(stage, cell, row, column, channel);
      }
      if (column < stage.side) {
        pooled_cells<Vector, 1>(stage, cell, row, column, channel);
      }
    }
  }
}

void map_plain(const MapRun& stage) { pooled_map<Floats4>(stage); }
MUSL_AVX2 void map_avx2(const MapRun& stage) { pooled_map<Floats8>(stage); }
MUSL_AVX512 void map_avx512(const MapRun& stage) {
  pooled_map<Floats16>(stage);
}

/// (W, C, 3, 3) -> (W / kStageGroup, C, 9, kStageGroup)
Tensor group_weights(const Tensor& weight) {
  return weight
      .reshape(
          {weight.size(0) / kStageGroup, kStageGroup, weight.size(1), kTaps})
      .permute({0, 2, 3, 1})
      .contiguous();
}

}  // namespace

bool has_map_stage(const Tensor& maps, const Tensor& weight) {
  const bool of_maps = c10::GradMode::is_enabled() && maps.requires_grad();
  return fits_stage(maps, weight) && !of_maps;
}

Tensor map_stage(const Tensor& maps, const Tensor& weight, const Tensor& bias,
                 Tensor* silent) {
  static const auto pooled =
      work_for(instruction_sets().back(), map_plain, map_avx2, map_avx512);
  const auto x = maps.contiguous();
  const auto groups = group_weights(weight);
  const auto channels = x.size(1), side = x.size(2), width = weight.size(0);
  const auto cells = side / 2 * (side / 2);
  auto out = stage_output(x, width);
  const auto words = silent_words(cells);
  if (silent != nullptr) {
    *silent = at::zeros({x.size(0), words, width}, at::kInt);
  }
  SymmetricStage symmetric(weight, bias, side);
  auto padded = zeros(channels * (side + 2) * (side + 2));
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    const float* const map = x.data_ptr<float>() + i * channels * side * side;
    float* const to = out.data_ptr<float>() + i * cells * width;
    std::int32_t* const marks =
        silent == nullptr
            ? nullptr
            : silent->data_ptr<std::int32_t>() + i * words * width;
    if (are_symmetric(map, channels, side)) {
      symmetric.run(map, to, marks);
      continue;
    }
    pad_planes(map, channels, side, padded.data());
    for (std::int64_t first = 0; first < width; first += kStageGroup) {
      pooled({padded.data(),
              groups.data_ptr<float>() + first * channels * kTaps,
              bias.data_ptr<float>() + first, channels, side, width, to + first,
              silent_at(marks, first)});
    }
  }
  return out;
}

}  // namespace musl::nn
