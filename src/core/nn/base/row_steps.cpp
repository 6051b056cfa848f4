#include "nn/base/row_steps.h"

#include <cmath>

#include "base/simd.h"
#include "nn/base/products.h"

namespace musl::nn {
namespace {

// The same lanes for every instruction set, so that sums have the same order. A
// wider vector than the processor's would live in memory.
using Lanes = Floats8;
constexpr std::int64_t kLaneCount = 8;
constexpr std::int64_t kStride = 2 * kLaneCount;  // two sums at a time
constexpr float kNormEpsilon = 1e-5F;

struct NormWeights {
  const float* scale;
  const float* shift;
  std::int64_t width;
};

/// Rows to be normalised and weighed.
struct ScoreRun {
  NormWeights norm;
  const float* weight;
  float bias;
  std::int64_t rows, step;  // from one row of x to the next
  const float* x;
  float* out;
};

/// Rows to be normalised and compared.
struct PairRun {
  NormWeights norm;
  std::int64_t rows, step_a, step_b;
  const float *a, *b;
  const float* shown;  // (rows, 2) or null
  float* out;
};

/// What LayerNorm does to a row: (x - mean) * factor.
struct Standard {
  float mean, factor;
};

MUSL_INLINE float sum_of_lanes(const Lanes& x, const Lanes& y) {
  const Lanes sum = x + y;
  return ((sum[0] + sum[4]) + (sum[1] + sum[5])) +
         ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

MUSL_INLINE void standard_of(const float* x, std::int64_t width,
                             Standard* standard) {
  Lanes first{}, second{}, low, high;
  std::int64_t i = 0;
  for (; i + kStride <= width; i += kStride) {
    load(x + i, &low);
    load(x + i + kLaneCount, &high);
    first += low;
    second += high;
  }
  float total = sum_of_lanes(first, second);
  for (; i < width; ++i) total += x[i];
  const float mean = total / static_cast<float>(width);
  first = second = Lanes{};
  for (i = 0; i + kStride <= width; i += kStride) {
    load(x + i, &low);
    load(x + i + kLaneCount, &high);
    low -= mean;
    high -= mean;
    first += low * low;
    second += high * high;
  }
  total = sum_of_lanes(first, second);
  for (; i < width; ++i) total += (x[i] - mean) * (x[i] - mean);
  standard->mean = mean;
  standard->factor =
      1.0F / std::sqrt(total / static_cast<float>(width) + kNormEpsilon);
}

MUSL_INLINE float normalised(const float* x, const NormWeights& norm,
                             const Standard& standard, std::int64_t i) {
  return (x[i] - standard.mean) * standard.factor * norm.scale[i] +
         norm.shift[i];
}

// NaN stays, as in LibTorch's ReLU.
MUSL_INLINE float positive_part(float x) { return x <= 0 ? 0.0F : x; }

/// Of the lanes from number i on.
MUSL_INLINE void add_scored(const ScoreRun& run, const float* x,
                            const Standard& standard, std::int64_t i,
                            Lanes* sum) {
  Lanes y, scale, shift, weight;
  load(x + i, &y);
  load(run.norm.scale + i, &scale);
  load(run.norm.shift + i, &shift);
  load(run.weight + i, &weight);
  y = (y - standard.mean) * standard.factor * scale + shift;
  *sum += (y <= 0 ? Lanes{} : y) * weight;
}

/// Normalises rows in place, plus `add` if it is not null.
MUSL_INLINE void run_norm(NormWeights norm, const float* add, bool relu,
                          std::int64_t rows, float* x) {
  for (std::int64_t r = 0; r < rows; ++r, x += norm.width) {
    if (add != nullptr) {
      for (std::int64_t i = 0; i < norm.width; ++i) x[i] += add[i];
    }
    Standard standard;
    standard_of(x, norm.width, &standard);
    for (std::int64_t i = 0; i < norm.width; ++i) {
      const float y = normalised(x, norm, standard, i);
      x[i] = relu ? positive_part(y) : y;
    }
  }
}

MUSL_INLINE void run_score(const ScoreRun& run) {
  const auto width = run.norm.width;
  for (std::int64_t r = 0; r < run.rows; ++r) {
    const float* const x = run.x + r * run.step;
    Standard standard;
    standard_of(x, width, &standard);
    Lanes first{}, second{};
    std::int64_t i = 0;
    for (; i + kStride <= width; i += kStride) {
      add_scored(run, x, standard, i, &first);
      add_scored(run, x, standard, i + kLaneCount, &second);
    }
    float total = sum_of_lanes(first, second);
    for (; i < width; ++i) {
      total +=
          positive_part(normalised(x, run.norm, standard, i)) * run.weight[i];
    }
    run.out[r] = total + run.bias;
  }
}

MUSL_INLINE void run_pairs(const PairRun& run) {
  const NormWeights norm = run.norm;
  const auto width = norm.width;
  for (std::int64_t r = 0; r < run.rows; ++r) {
    const float *const a = run.a + r * run.step_a, *const b =
                                                       run.b + r * run.step_b;
    const float shown_a = run.shown == nullptr ? 1.0F : run.shown[2 * r],
                shown_b = run.shown == nullptr ? 1.0F : run.shown[2 * r + 1];
    float* const sum = run.out + r * 3 * width;
    float* const apart = sum + width;
    float* const times = apart + width;
    Standard of_a, of_b;
    standard_of(a, width, &of_a);
    standard_of(b, width, &of_b);
    for (std::int64_t i = 0; i < width; ++i) {
      const float x = normalised(a, norm, of_a, i) * shown_a,
                  y = normalised(b, norm, of_b, i) * shown_b;
      sum[i] = x + y;
      apart[i] = std::fabs(x - y);
      times[i] = x * y;
    }
  }
}

NormWeights weights_of(const LayerNorm& norm) {
  return {norm->weight.data_ptr<float>(), norm->bias.data_ptr<float>(),
          norm->weight.size(0)};
}

/// x, or a copy of it whose rows are contiguous.
Tensor with_rows(const Tensor& x) {
  return x.stride(1) == 1 || x.size(1) == 1 ? x : x.contiguous();
}

}  // namespace

bool has_row_steps(const Tensor& x) {
  return !torch::GradMode::is_enabled() && x.is_cpu() && x.dim() == 2 &&
         x.scalar_type() == torch::kFloat && x.size(1) > 0;
}

Tensor affine_relu(const Tensor& x, const Linear& linear) {
  Tensor y = product(x, linear->weight.t());
  const auto rows = y.size(0), width = y.size(1);
  float* const to = y.data_ptr<float>();
  const float* const bias = linear->bias.data_ptr<float>();
  for (std::int64_t r = 0; r < rows; ++r) {
    float* const row = to + r * width;
    for (std::int64_t i = 0; i < width; ++i) {
      row[i] = positive_part(row[i] + bias[i]);
    }
  }
  return y;
}

Tensor affine_normalised(const Tensor& x, const Linear& linear,
                         const LayerNorm& norm, bool relu) {
  Tensor y = product(x, linear->weight.t());
  normalise_rows(linear->bias, norm, relu, y);
  return y;
}

void normalise_rows(const Tensor& b, const LayerNorm& norm, bool relu,
                    const Tensor& x) {
  static const auto work = Compiled<run_norm>::with(instruction_sets().back());
  work(weights_of(norm), b.defined() ? b.data_ptr<float>() : nullptr, relu,
       x.size(0), x.data_ptr<float>());
}

Tensor normalised_score(const Tensor& x, const LayerNorm& norm,
                        const Linear& score) {
  static const auto work = Compiled<run_score>::with(instruction_sets().back());
  const Tensor rows = with_rows(x);
  Tensor out = torch::empty({rows.size(0)}, rows.options());
  work({weights_of(norm), score->weight.data_ptr<float>(),
        *score->bias.data_ptr<float>(), rows.size(0), rows.stride(0),
        rows.data_ptr<float>(), out.data_ptr<float>()});
  return out;
}

Tensor normalised_pairs(const Tensor& a, const Tensor& b, const LayerNorm& norm,
                        const Tensor& shown) {
  static const auto work = Compiled<run_pairs>::with(instruction_sets().back());
  const Tensor rows_a = with_rows(a), rows_b = with_rows(b);
  const Tensor times =
      shown.defined() ? shown.to(torch::kFloat).contiguous() : Tensor();
  Tensor out = torch::empty({a.size(0), 3 * a.size(1)}, a.options());
  work({weights_of(norm), a.size(0), rows_a.stride(0), rows_b.stride(0),
        rows_a.data_ptr<float>(), rows_b.data_ptr<float>(),
        times.defined() ? times.data_ptr<float>() : nullptr,
        out.data_ptr<float>()});
  return out;
}

}  // namespace musl::nn
