#include "nn/encoders/winograd_stage.h"

#include <algorithm>
#include <vector>

#include "nn/encoders/map_stage.h"
#include "simd.h"

namespace musl::nn {
namespace {

constexpr std::int64_t kGroup = 16;        // channels come in multiples of it
constexpr std::int64_t kFrequencies = 16;  // of a transformed 4x4 patch
constexpr std::int64_t kStrip = 16;        // tiles at once: they stay in cache

/// One map and what its tiles go through.
struct Stage {
  std::int64_t side, channels, width;
  const float* padded;  // (side + 2, side + 2, channels)
  const float* weight;  // (16, channels, width), transformed
  const float* bias;    // (width)
  float* patches;       // (16, kStrip, channels)
  float* products;      // (16, kStrip, width)
  float* out;           // (side / 2, side / 2, width)
};

template <typename Vector>
MUSL_INLINE void store(const Vector& x, float* to) {
  std::memcpy(to, &x, sizeof(x));
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

template <typename Vector>
MUSL_INLINE void read_patch(const Stage& stage, std::int64_t tile,
                            std::int64_t slot) {
  constexpr std::int64_t kLanes = sizeof(Vector) / sizeof(float);
  const std::int64_t tiles = stage.side / 2;
  const std::int64_t line = (stage.side + 2) * stage.channels;
  const float* const corner = stage.padded + tile / tiles * 2 * line +
                              tile % tiles * 2 * stage.channels;
  for (std::int64_t c = 0; c < stage.channels; c += kLanes) {
    Vector d[4][4];
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < 4; ++j) {
        load(corner + i * line + j * stage.channels + c, &d[i][j]);
      }
    }
    for (int j = 0; j < 4; ++j) {
      transform_patch(&d[0][j], &d[1][j], &d[2][j], &d[3][j]);
    }
    for (int i = 0; i < 4; ++i) {
      transform_patch(&d[i][0], &d[i][1], &d[i][2], &d[i][3]);
      for (int j = 0; j < 4; ++j) {
        store(d[i][j], stage.patches +
                           ((i * 4 + j) * kStrip + slot) * stage.channels + c);
      }
    }
  }
}

/// Products of kTiles patches at one frequency, from `slot` on.
template <typename Vector, int kTiles>
MUSL_INLINE void multiply(const Stage& stage, std::int64_t frequency,
                          std::int64_t slot) {
  constexpr std::int64_t kLanes = sizeof(Vector) / sizeof(float);
  const float* const patch =
      stage.patches + (frequency * kStrip + slot) * stage.channels;
  const float* const weight =
      stage.weight + frequency * stage.channels * stage.width;
  float* const out = stage.products + (frequency * kStrip + slot) * stage.width;
  for (std::int64_t w = 0; w < stage.width; w += 2 * kLanes) {
    Vector sums[kTiles][2] = {};
    for (std::int64_t c = 0; c < stage.channels; ++c) {
      Vector u, v;
      load(weight + c * stage.width + w, &u);
      load(weight + c * stage.width + w + kLanes, &v);
      for (int t = 0; t < kTiles; ++t) {
        sums[t][0] += u * patch[t * stage.channels + c];
        sums[t][1] += v * patch[t * stage.channels + c];
      }
    }
    for (int t = 0; t < kTiles; ++t) {
      store(sums[t][0], out + t * stage.width + w);
      store(sums[t][1], out + t * stage.width + w + kLanes);
    }
  }
}

/// A^T of the products to the tile's four pixels; ReLU and their mean.
template <typename Vector>
MUSL_INLINE void write_cell(const Stage& stage, std::int64_t tile,
                            std::int64_t slot) {
  constexpr std::int64_t kLanes = sizeof(Vector) / sizeof(float);
  const Vector zero{};
  for (std::int64_t w = 0; w < stage.width; w += kLanes) {
    Vector upper[4], lower[4], bias;
    load(stage.bias + w, &bias);
    for (int j = 0; j < 4; ++j) {
      Vector m[4];
      for (int i = 0; i < 4; ++i) {
        load(stage.products + ((i * 4 + j) * kStrip + slot) * stage.width + w,
             &m[i]);
      }
      upper[j] = (m[0] + m[1]) + m[2];
      lower[j] = (m[1] - m[2]) - m[3];
    }
    Vector sum = zero;
    for (const Vector* row : {upper, lower}) {
      const Vector left = ((row[0] + row[1]) + row[2]) + bias;
      const Vector right = ((row[1] - row[2]) - row[3]) + bias;
      sum += (left > 0 ? left : zero) + (right > 0 ? right : zero);
    }
    store(sum * 0.25f, stage.out + tile * stage.width + w);
  }
}

template <typename Vector>
MUSL_INLINE void run_map(const Stage& stage) {
  const std::int64_t tiles = stage.side / 2 * (stage.side / 2);
  for (std::int64_t first = 0; first < tiles; first += kStrip) {
    const std::int64_t n = std::min(kStrip, tiles - first);
    for (std::int64_t slot = 0; slot < n; ++slot) {
      read_patch<Vector>(stage, first + slot, slot);
    }
    for (std::int64_t f = 0; f < kFrequencies; ++f) {
      std::int64_t slot = 0;
      for (; slot + 4 <= n; slot += 4) multiply<Vector, 4>(stage, f, slot);
      for (; slot < n; ++slot) multiply<Vector, 1>(stage, f, slot);
    }
    for (std::int64_t slot = 0; slot < n; ++slot) {
      write_cell<Vector>(stage, first + slot, slot);
    }
  }
}

void run_plain(const Stage& stage) { run_map<Floats4>(stage); }
MUSL_AVX2 void run_avx2(const Stage& stage) { run_map<Floats8>(stage); }
MUSL_AVX512 void run_avx512(const Stage& stage) { run_map<Floats16>(stage); }

/// Two vectors of channels out are summed at once.
decltype(&run_plain) run_with(InstructionSet set, std::int64_t width) {
  if (set == InstructionSet::avx512 && width % (2 * kGroup) == 0) {
    return run_avx512;
  }
  return set == InstructionSet::plain ? run_plain : run_avx2;
}

/// G g G^T of all kernels: (W, C, 3, 3) -> (16, C, W).
Tensor transform_weights(const Tensor& weight) {
  const auto g = torch::tensor({1.0f, 0.0f, 0.0f, 0.5f, 0.5f, 0.5f, 0.5f, -0.5f,
                                0.5f, 0.0f, 0.0f, 1.0f})
                     .view({4, 3});
  const auto both = torch::kron(g, g);  // (16, 9)
  const auto kernels =
      weight.permute({1, 0, 2, 3}).reshape({-1, 9});  // (C W, 9)
  return torch::matmul(both, kernels.t()).contiguous();
}

/// (K, K, C) into the middle of (K + 2, K + 2, C).
void pad(const float* map, std::int64_t side, std::int64_t channels,
         float* padded) {
  for (std::int64_t row = 0; row < side; ++row) {
    std::copy_n(map + row * side * channels, side * channels,
                padded + ((row + 1) * (side + 2) + 1) * channels);
  }
}

std::vector<float> buffer(std::int64_t size) {
  return std::vector<float>(static_cast<std::size_t>(size), 0.0f);
}

}  // namespace

bool has_winograd_stage(const Tensor& maps, const Tensor& weight) {
  return has_map_stage(maps, weight) && maps.size(1) % kGroup == 0;
}

Tensor winograd_stage(const Tensor& maps, const Tensor& weight,
                      const Tensor& bias) {
  const auto x = maps.contiguous(torch::MemoryFormat::ChannelsLast);
  const auto transformed = transform_weights(weight);
  const auto n = x.size(0), channels = x.size(1), side = x.size(2);
  const auto width = weight.size(0);
  auto out = torch::empty({n, width, side / 2, side / 2}, x.options(),
                          torch::MemoryFormat::ChannelsLast);
  auto padded = buffer((side + 2) * (side + 2) * channels);
  auto patches = buffer(kFrequencies * kStrip * channels);
  auto products = buffer(kFrequencies * kStrip * width);
  Stage stage{side,
              channels,
              width,
              padded.data(),
              transformed.data_ptr<float>(),
              bias.data_ptr<float>(),
              patches.data(),
              products.data(),
              out.data_ptr<float>()};
  const auto run = run_with(instruction_sets().back(), width);
  for (std::int64_t i = 0; i < n; ++i) {
    pad(x.data_ptr<float>() + i * side * side * channels, side, channels,
        padded.data());
    run(stage);
    stage.out += side / 2 * (side / 2) * width;
  }
  return out;
}

}  // namespace musl::nn
