#include "nn/kernels/symmetric_stage.h"

#include "nn/kernels/pooled_cell.h"
#include "nn/kernels/stage_tensors.h"

namespace musl::nn {
namespace {

// Planes of a map x with a border of zeros: x itself, x(i, j + d) + x(i + d, j)
// for d = 1 and 2, and the same with a minus.
constexpr int kPlanes = 5;

/// What a weight is multiplied by: a plane, and how far along the diagonal it
/// is read.
struct Tap {
  int plane, shift;
};
// Of weights (p, p), then of halves of (p, q) + (q, p).
constexpr Tap kEven[] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {2, 0}};
// Of halves of (p, q) - (q, p).
constexpr Tap kOdd[] = {{3, 0}, {3, 1}, {4, 0}};
constexpr int kEvens = 6;

struct SymmetricRun {
  const float* planes;  // (C, kPlanes, side + 2, side + 2)
  const float* weight;  // (C, 9, kStageGroup): of kEven, then of kOdd
  const float* bias;
  std::int64_t channels;
  std::int64_t side;
  std::int64_t width;
  float* out;            // (side / 2, side / 2, width), the group's channels
  std::int32_t* silent;  // (silent_words(), width), or null

  [[nodiscard]] std::int64_t stride() const { return side + 2; }
};

/// Adds the products with weights to the sums of two rows of pixels.
template <typename Vector, int kPixels, int kCount>
MUSL_INLINE void add_products(const SymmetricRun& stage,
                              const Tap (&taps)[kCount], const float* weight,
                              const float* planes, Vector (&sums)[2][kPixels]) {
  const std::int64_t stride = stage.stride();
  for (int k = 0; k < kCount; ++k) {
    Vector w;
    load(weight + k * kStageGroup, &w);
    const float* const pixel =
        planes + taps[k].plane * stride * stride + taps[k].shift * (stride + 1);
    for (int p = 0; p < kPixels; ++p) {
      sums[0][p] += w * pixel[p];
      sums[1][p] += w * pixel[stride + p];
    }
  }
}

/// kCells neighbouring cells of the pooled map from (row, column) on, none left
/// of the diagonal, and their mirrors; Vector holds some of a group's channels.
template <typename Vector, int kCells>
MUSL_INLINE void mirrored_cells(const SymmetricRun& stage, std::int64_t row,
                                std::int64_t column, std::int64_t channel) {
  constexpr int kPixels = 2 * kCells;  // in each of two rows
  const std::int64_t stride = stage.stride();
  Vector even[2][kPixels], odd[2][kPixels];
  for (int r = 0; r < 2; ++r) {
    for (int p = 0; p < kPixels; ++p) {
      load(stage.bias + channel, &even[r][p]);
      odd[r][p] = Vector{};
    }
  }
  for (std::int64_t c = 0; c < stage.channels; ++c) {
    const float* const planes = stage.planes + c * kPlanes * stride * stride +
                                2 * row * stride + 2 * column;
    const float* const weight =
        stage.weight + c * kTaps * kStageGroup + channel;
    add_products(stage, kEven, weight, planes, even);
    add_products(stage, kOdd, weight + kEvens * kStageGroup, planes, odd);
  }
  const std::int64_t cells = stage.side / 2;
  for (int k = 0; k < kCells; ++k) {
    const int left = 2 * k, right = left + 1;
    const Vector above[4] = {
        even[0][left] + odd[0][left], even[0][right] + odd[0][right],
        even[1][left] + odd[1][left], even[1][right] + odd[1][right]};
    store_cell(above, row * cells + column + k, stage.width,
               stage.out + channel, silent_at(stage.silent, channel));
    if (column + k == row) continue;
    const Vector below[4] = {
        even[0][left] - odd[0][left], even[1][left] - odd[1][left],
        even[0][right] - odd[0][right], even[1][right] - odd[1][right]};
    store_cell(below, (column + k) * cells + row, stage.width,
               stage.out + channel, silent_at(stage.silent, channel));
  }
}

template <typename Vector>
MUSL_INLINE void mirrored_map(const SymmetricRun& stage) {
  const std::int64_t cells = stage.side / 2;
  for (std::int64_t row = 0; row < cells; ++row) {
    for (std::int64_t channel = 0; channel < kStageGroup;
         channel += kLanes<Vector>) {
      std::int64_t column = row;
      if ((cells - row) % 2 != 0) {
        mirrored_cells<Vector, 1>(stage, row, column++, channel);
      }
      for (; column < cells; column += 2) {
        mirrored_cells<Vector, 2>(stage, row, column, channel);
      }
    }
  }
}

/// The other planes of a map from the first.
MUSL_INLINE void make_planes(std::int64_t stride, float* planes) {
  const std::int64_t size = stride * stride;
  const float* const x = planes;
  for (std::int64_t d = 1; d <= 2; ++d) {
    float* const sum = planes + d * size;
    float* const difference = planes + (d + 2) * size;
    // Ends of rows mix two rows, and are never read.
    for (std::int64_t i = 0; i < size - d * stride; ++i) {
      sum[i] = x[i + d] + x[i + d * stride];
      difference[i] = x[i + d] - x[i + d * stride];
    }
  }
}

void symmetric_plain(const SymmetricRun& stage) {
  mirrored_map<Floats4>(stage);
}
MUSL_AVX2 void symmetric_avx2(const SymmetricRun& stage) {
  mirrored_map<Floats8>(stage);
}
MUSL_AVX512 void symmetric_avx512(const SymmetricRun& stage) {
  mirrored_map<Floats16>(stage);
}

void planes_plain(std::int64_t stride, float* planes) {
  make_planes(stride, planes);
}
MUSL_AVX2 void planes_avx2(std::int64_t stride, float* planes) {
  make_planes(stride, planes);
}
MUSL_AVX512 void planes_avx512(std::int64_t stride, float* planes) {
  make_planes(stride, planes);
}

/// Whether 4x4 blocks are each other's transposes.
MUSL_INLINE bool blocks_mirror(const float* block, const float* other,
                               std::int64_t side) {
  Floats4 rows[4];
  for (int i = 0; i < 4; ++i) load(other + i * side, &rows[i]);
  decltype(rows[0] != rows[0]) differs{};
  for (int j = 0; j < 4; ++j) {
    Floats4 row;
    load(block + j * side, &row);
    const Floats4 column{rows[0][j], rows[1][j], rows[2][j], rows[3][j]};
    differs |= row != column;
  }
  return (differs[0] | differs[1] | differs[2] | differs[3]) == 0;
}

bool is_symmetric(const float* map, std::int64_t side) {
  for (std::int64_t i = 0; i + 4 <= side; i += 4) {
    for (std::int64_t j = i; j + 4 <= side; j += 4) {
      if (!blocks_mirror(map + i * side + j, map + j * side + i, side)) {
        return false;
      }
    }
  }
  // The last rows of a side that is no multiple of 4.
  for (std::int64_t i = side / 4 * 4; i < side; ++i) {
    for (std::int64_t j = 0; j < i; ++j) {
      if (map[i * side + j] != map[j * side + i]) return false;
    }
  }
  return true;
}

/// The weights of kEven and kOdd, (W / kStageGroup, C, 9, kStageGroup).
std::vector<float> split_kernels(const Tensor& weight) {
  const auto kernels = weight.contiguous();
  const float* const w = kernels.data_ptr<float>();
  const std::int64_t width = weight.size(0), channels = weight.size(1);
  std::vector<float> out = zeros(weight.numel());
  for (std::int64_t k = 0; k < width; ++k) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const float* const g = w + (k * channels + c) * kTaps;
      const float split[kTaps] = {g[0],
                                  g[4],
                                  g[8],
                                  (g[1] + g[3]) / 2,
                                  (g[5] + g[7]) / 2,
                                  (g[2] + g[6]) / 2,
                                  (g[1] - g[3]) / 2,
                                  (g[5] - g[7]) / 2,
                                  (g[2] - g[6]) / 2};
      float* const to =
          out.data() +
          ((k / kStageGroup * channels + c) * kTaps) * kStageGroup +
          k % kStageGroup;
      for (int tap = 0; tap < kTaps; ++tap) to[tap * kStageGroup] = split[tap];
    }
  }
  return out;
}

}  // namespace

bool are_symmetric(const float* maps, std::int64_t count, std::int64_t side) {
  for (std::int64_t i = 0; i < count; ++i) {
    if (!is_symmetric(maps + i * side * side, side)) return false;
  }
  return true;
}

SymmetricStage::SymmetricStage(const Tensor& weight, const Tensor& bias,
                               std::int64_t side)
    : channels_(weight.size(1)),
      side_(side),
      width_(weight.size(0)),
      bias_(bias.data_ptr<float>()),
      weight_(split_kernels(weight)),
      planes_(zeros(channels_ * kPlanes * (side + 2) * (side + 2))) {}

void SymmetricStage::run(const float* maps, float* out, std::int32_t* silent) {
  static const auto make = work_for(instruction_sets().back(), planes_plain,
                                    planes_avx2, planes_avx512);
  static const auto mirrored =
      work_for(instruction_sets().back(), symmetric_plain, symmetric_avx2,
               symmetric_avx512);
  const std::int64_t stride = side_ + 2;
  for (std::int64_t c = 0; c < channels_; ++c) {
    float* const planes = planes_.data() + c * kPlanes * stride * stride;
    pad_planes(maps + c * side_ * side_, 1, side_, planes);
    make(stride, planes);
  }
  for (std::int64_t first = 0; first < width_; first += kStageGroup) {
    mirrored({planes_.data(), weight_.data() + first * channels_ * kTaps,
              bias_ + first, channels_, side_, width_, out + first,
              silent_at(silent, first)});
  }
}

}  // namespace musl::nn
