#include <vector>

#include "nn/kernels/map_stage.h"
#include "nn/kernels/pooled_cell.h"

namespace musl::nn {
namespace {

/// One map with a border of zeros, and one group of channels out.
struct MapBack {
  const float* padded;
  std::int64_t channels;
  std::int64_t side;
  std::int64_t width;          // from one cell to the next in what is read
  const float* upstream;       // (K / 2, K / 2, width), the group's channels
  const std::int32_t* silent;  // (silent_words(), width)
  float* pixels;               // (K / 2, 4, kStageGroup), a row of cells
  float* of_weight;            // (C, 9, kStageGroup)
  float* of_bias;              // (kStageGroup)
};

/// The gradients of the pixels of a row of cells; adds to the bias's.
template <typename Vector>
MUSL_INLINE void read_cells(const MapBack& stage, std::int64_t row) {
  const std::int64_t cells = stage.side / 2;
  for (std::int64_t channel = 0; channel < kStageGroup;
       channel += kLanes<Vector>) {
    Vector total;
    load(stage.of_bias + channel, &total);
    for (std::int64_t cell = 0; cell < cells; ++cell) {
      const std::int64_t number = row * cells + cell;
      Vector pixel[4];
      load_pixel_gradients(stage.upstream + number * stage.width + channel,
                           number, stage.width, stage.silent + channel, pixel);
      total += (pixel[0] + pixel[1]) + (pixel[2] + pixel[3]);
      for (int p = 0; p < 4; ++p) {
        store(pixel[p], stage.pixels + (cell * 4 + p) * kStageGroup + channel);
      }
    }
    store(total, stage.of_bias + channel);
  }
}

/// Adds the gradient of the kernels that read channel c from a row of cells.
template <typename Vector>
MUSL_INLINE void add_row(const MapBack& stage, std::int64_t row,
                         std::int64_t c) {
  const std::int64_t stride = stage.side + 2;
  for (std::int64_t channel = 0; channel < kStageGroup;
       channel += kLanes<Vector>) {
    float* const of_weight =
        stage.of_weight + c * kTaps * kStageGroup + channel;
    const float* corner = stage.padded + (c * stride + 2 * row) * stride;
    const float* pixels = stage.pixels + channel;
    Vector sums[kTaps];
    for (int tap = 0; tap < kTaps; ++tap) {
      load(of_weight + tap * kStageGroup, &sums[tap]);
    }
    for (std::int64_t cell = 0; cell < stage.side / 2; ++cell) {
      Vector pixel[4];
      for (int p = 0; p < 4; ++p) load(pixels + p * kStageGroup, &pixel[p]);
      for (int tap = 0; tap < kTaps; ++tap) {
        const float* const x = corner + tap / 3 * stride + tap % 3;
        sums[tap] += (pixel[0] * x[0] + pixel[1] * x[1]) +
                     (pixel[2] * x[stride] + pixel[3] * x[stride + 1]);
      }
      corner += 2;
      pixels += 4 * kStageGroup;
    }
    for (int tap = 0; tap < kTaps; ++tap) {
      store(sums[tap], of_weight + tap * kStageGroup);
    }
  }
}

template <typename Vector>
MUSL_INLINE void run_map(const MapBack& stage) {
  for (std::int64_t row = 0; row < stage.side / 2; ++row) {
    read_cells<Vector>(stage, row);
    for (std::int64_t c = 0; c < stage.channels; ++c) {
      add_row<Vector>(stage, row, c);
    }
  }
}

void map_gradients_plain(const MapBack& stage) { run_map<Floats4>(stage); }
MUSL_AVX2 void map_gradients_avx2(const MapBack& stage) {
  run_map<Floats8>(stage);
}
MUSL_AVX512 void map_gradients_avx512(const MapBack& stage) {
  run_map<Floats16>(stage);
}

/// Sums over the maps of sums over a map: (W / kStageGroup, C * 9 + 1,
/// kStageGroup), of the weights and then of the bias.
class GroupSums {
 public:
  GroupSums(std::int64_t groups, std::int64_t channels)
      : rows_(channels * kTaps + 1),
        sums_(at::zeros({groups, rows_, kStageGroup})),
        map_(zeros(rows_ * kStageGroup)) {}

  float* of_weight() { return map_.data(); }
  float* of_bias() { return map_.data() + (rows_ - 1) * kStageGroup; }

  /// Adds the sums of one map and starts those of the next.
  void close(std::int64_t group) {
    float* const sums = sums_.data_ptr<float>() + group * rows_ * kStageGroup;
    for (std::size_t i = 0; i < map_.size(); ++i) {
      sums[i] += map_[i];
      map_[i] = 0.0f;
    }
  }

  /// In the shapes of the parameters: (W, C, 3, 3) and (W).
  [[nodiscard]] StageGradients gradients() const {
    const auto by_channel =
        sums_.permute({0, 2, 1});  // (groups, kStageGroup, rows)
    const auto weight = by_channel.narrow(2, 0, rows_ - 1);
    return {Tensor(),
            weight.reshape({sums_.size(0) * kStageGroup, rows_ / kTaps, 3, 3}),
            by_channel.select(2, rows_ - 1).reshape({-1})};
  }

 private:
  std::int64_t rows_;
  Tensor sums_;
  std::vector<float> map_;
};

}  // namespace

StageGradients map_gradients(const Tensor& maps, const Tensor& weight,
                             const Tensor& silent, const Tensor& upstream) {
  static const auto run =
      work_for(instruction_sets().back(), map_gradients_plain,
               map_gradients_avx2, map_gradients_avx512);
  const auto x = maps.contiguous();
  const auto g = upstream.contiguous(at::MemoryFormat::ChannelsLast);
  const auto channels = x.size(1), side = x.size(2), width = weight.size(0);
  const auto cells = side / 2 * (side / 2);
  auto padded = zeros(channels * (side + 2) * (side + 2));
  auto pixels = zeros(side / 2 * 4 * kStageGroup);
  GroupSums sums(width / kStageGroup, channels);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    pad_planes(x.data_ptr<float>() + i * channels * side * side, channels, side,
               padded.data());
    for (std::int64_t first = 0; first < width; first += kStageGroup) {
      run({padded.data(), channels, side, width,
           g.data_ptr<float>() + i * cells * width + first,
           silent.data_ptr<std::int32_t>() + i * silent.size(1) * width + first,
           pixels.data(), sums.of_weight(), sums.of_bias()});
      sums.close(first / kStageGroup);
    }
  }
  return sums.gradients();
}

}  // namespace musl::nn
