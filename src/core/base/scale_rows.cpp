#include "base/scale_rows.h"

#include <algorithm>

#include "base/simd.h"

namespace musl {

namespace {

MUSL_INLINE void scale_columns(const float* __restrict__ mean,
                               const float* __restrict__ scale,
                               std::int64_t columns, float clip, std::int64_t n,
                               float* __restrict__ x) {
  for (std::int64_t i = 0; i < n; ++i, x += columns) {
    for (std::int64_t c = 0; c < columns; ++c) {
      const float scaled = (x[c] - mean[c]) / scale[c];
      const float above = scaled < -clip ? -clip : scaled;
      x[c] = above > clip ? clip : above;
    }
  }
}

using ScaleRows = void (*)(const float* mean, const float* scale,
                           std::int64_t columns, float clip, std::int64_t n,
                           float* x);

void rows_plain(const float* mean, const float* scale, std::int64_t columns,
                float clip, std::int64_t n, float* x) {
  scale_columns(mean, scale, columns, clip, n, x);
}
MUSL_AVX2 void rows_avx2(const float* mean, const float* scale,
                         std::int64_t columns, float clip, std::int64_t n,
                         float* x) {
  scale_columns(mean, scale, columns, clip, n, x);
}
MUSL_AVX512 void rows_avx512(const float* mean, const float* scale,
                             std::int64_t columns, float clip, std::int64_t n,
                             float* x) {
  scale_columns(mean, scale, columns, clip, n, x);
}

}  // namespace

void scale_rows(const float* mean, const float* scale, std::int64_t columns,
                float clip, std::int64_t n, float* x) {
  static const ScaleRows best =
      work_for(instruction_sets().back(), rows_plain, rows_avx2, rows_avx512);
  best(mean, scale, columns, clip, n, x);
}

}  // namespace musl
