#include <algorithm>
#include <cmath>
#include <vector>

#include "base/simd.h"
#include "expression/histogram_count.h"
#include "musl/histogram.h"
#ifdef MUSL_X86
#include <immintrin.h>
#endif

namespace musl {

namespace {

constexpr double kFloor = 1e-4;  // share of an empty cell, as in CNNC
constexpr std::uint32_t kTableSize = 4096;
constexpr std::uint32_t kFewest = 32;  // entries that two vectors hold

MUSL_INLINE std::uint32_t largest_of(const std::uint32_t* counts, int n) {
  std::uint32_t largest = 0;
  for (int c = 0; c < n; ++c) {
    largest = counts[c] > largest ? counts[c] : largest;
  }
  return largest;
}

/// Largest of n counts, and the table's entries of n counts. The table has
/// kFewest entries or more.
struct CountWork {
  std::uint32_t (*largest)(const std::uint32_t* counts, int n);
  void (*look_up)(const std::uint32_t* counts, int n, const float* table,
                  float* out);
};

std::uint32_t largest_plain(const std::uint32_t* counts, int n) {
  return largest_of(counts, n);
}
MUSL_AVX2 std::uint32_t largest_avx2(const std::uint32_t* counts, int n) {
  return largest_of(counts, n);
}
MUSL_AVX512 std::uint32_t largest_avx512(const std::uint32_t* counts, int n) {
  return largest_of(counts, n);
}

void look_up_plain(const std::uint32_t* counts, int n, const float* table,
                   float* out) {
  for (int c = 0; c < n; ++c) out[c] = table[counts[c]];
}

#ifdef MUSL_X86
/// Nearly all cells have less than kFewest samples.
MUSL_AVX512 void look_up_avx512(const std::uint32_t* counts, int n,
                                const float* table, float* out) {
  constexpr int kWidth = 16;
  const __m512 low = _mm512_loadu_ps(table);
  const __m512 high = _mm512_loadu_ps(table + kWidth);
  const __m512i most = _mm512_set1_epi32(kFewest - 1);
  int c = 0;
  for (; c + kWidth <= n; c += kWidth) {
    const __m512i some = _mm512_loadu_si512(counts + c);
    if (_mm512_cmpgt_epu32_mask(some, most) == 0) {
      _mm512_storeu_ps(out + c, _mm512_permutex2var_ps(low, some, high));
    } else {
      look_up_plain(counts + c, kWidth, table, out + c);
    }
  }
  look_up_plain(counts + c, n - c, table, out + c);
}
#else
constexpr auto look_up_avx512 = look_up_plain;
#endif

const CountWork& count_work() {
  static const CountWork best = work_for(
      instruction_sets().back(), CountWork{largest_plain, look_up_plain},
      CountWork{largest_avx2, look_up_plain},
      CountWork{largest_avx512, look_up_avx512});
  return best;
}

float scaled_count(std::uint32_t count, std::int64_t n) {
  return scaled_share(static_cast<double>(count) / static_cast<double>(n));
}

}  // namespace

float scaled_share(double share) {
  const double scaled = (std::log10(share + kFloor) + 4.0) / 4.0;
  return static_cast<float>(std::clamp(scaled, 0.0, 1.0));
}

double share_of_scaled(double scaled) {
  return std::max(0.0, std::pow(10.0, 4.0 * scaled - 4.0) - kFloor);
}

std::vector<float> scaled_counts(std::int64_t n) {
  std::vector<float> out{0.0f};
  if (n == 0) return out;
  out.resize(static_cast<std::size_t>(n) + 1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = scaled_count(static_cast<std::uint32_t>(i), n);
  }
  return out;
}

void scale_histogram(const std::uint32_t* counts, std::int64_t n, int bins,
                     float* out) {
  const int n_cells = bins * bins;
  if (n == 0) {
    std::fill(out, out + n_cells, 0.0f);
    return;
  }
  const CountWork& work = count_work();
  const std::uint32_t largest = work.largest(counts, n_cells);
  // Keeps logarithms of small counts while n is the same.
  thread_local std::vector<float> table;
  thread_local std::int64_t table_n = 0;
  if (table_n != n) table.clear();
  table_n = n;
  while (table.size() < kFewest ||
         table.size() <= std::min(largest, kTableSize - 1)) {
    table.push_back(scaled_count(static_cast<std::uint32_t>(table.size()), n));
  }
  if (largest < kTableSize) {
    work.look_up(counts, n_cells, table.data(), out);
    return;
  }
  std::transform(counts, counts + n_cells, out, [n](std::uint32_t count) {
    return count < kTableSize ? table[count] : scaled_count(count, n);
  });
}

}  // namespace musl
