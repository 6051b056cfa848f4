#include "musl/histogram.h"

#include <algorithm>
#include <cstring>

#include "base/simd.h"
#include "expression/histogram_count.h"

namespace musl {

namespace {

// Four interleaved byte tables: neighbouring samples in the same cell do not
// wait for each other, and 255 samples per table cannot overflow.
constexpr int kTables = 4;
constexpr std::int64_t kBlock = std::int64_t{kTables} * 255;
constexpr int kMaxCells = 64 * 64;
constexpr int kLanes = 16;
constexpr int kTrash = 64;  // room behind each table for samples left out

using Cells = std::uint16_t[kBlock + kLanes];

/// Cell of each sample, a * bins + b; cell bins^2 if `keep` is given and 0. The
/// inner loops have a fixed length so that compilers vectorise them at -O2.
MUSL_INLINE void sample_cells(const std::uint8_t* __restrict a,
                              const std::uint8_t* __restrict b,
                              const std::uint8_t* __restrict keep,
                              std::int64_t n, int bins,
                              std::uint16_t* __restrict cells) {
  const auto k = static_cast<std::uint16_t>(bins);
  const auto trash = static_cast<std::uint16_t>(bins * bins);
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int j = 0; j < kLanes; ++j) {
      cells[i + j] = static_cast<std::uint16_t>(a[i + j] * k + b[i + j]);
    }
  }
  for (; i < n; ++i) cells[i] = static_cast<std::uint16_t>(a[i] * k + b[i]);
  if (keep == nullptr) return;
  for (i = 0; i < n; ++i) cells[i] = keep[i] != 0 ? cells[i] : trash;
}

MUSL_INLINE void add_tables(const std::uint8_t* __restrict tables, int stride,
                            int cells, std::uint32_t* __restrict out) {
  const std::uint8_t* const second = tables + stride;
  const std::uint8_t* const third = second + stride;
  const std::uint8_t* const fourth = third + stride;
  const auto sum = [&](int c) {
    return static_cast<std::uint16_t>(tables[c] + second[c] + third[c] +
                                      fourth[c]);
  };
  int c = 0;
  for (; c + kLanes <= cells; c += kLanes) {
    for (int j = 0; j < kLanes; ++j) out[c + j] += sum(c + j);
  }
  for (; c < cells; ++c) out[c] += sum(c);
}

MUSL_INLINE void count(const std::uint8_t* a, const std::uint8_t* b,
                       const std::uint8_t* keep, std::int64_t n, int bins,
                       std::uint32_t* out) {
  alignas(64) std::uint8_t tables[kTables * (kMaxCells + kTrash)];
  alignas(64) Cells cells;
  const int n_cells = bins * bins;
  const int stride = n_cells + kTrash;
  std::uint8_t* const second = tables + stride;
  std::uint8_t* const third = second + stride;
  std::uint8_t* const fourth = third + stride;
  std::fill(out, out + n_cells, 0u);
  for (std::int64_t first = 0; first < n; first += kBlock) {
    const std::int64_t size = std::min(kBlock, n - first);
    sample_cells(a + first, b + first, keep == nullptr ? keep : keep + first,
                 size, bins, cells);
    for (int c = 0; c < kTables * stride; c += kTrash) {
      std::memset(tables + c, 0, kTrash);
    }
    std::int64_t i = 0;
    for (; i + kTables <= size; i += kTables) {
      ++tables[cells[i]];
      ++second[cells[i + 1]];
      ++third[cells[i + 2]];
      ++fourth[cells[i + 3]];
    }
    for (; i < size; ++i) ++tables[cells[i]];
    add_tables(tables, stride, n_cells, out);
  }
}

void count_plain(const std::uint8_t* a, const std::uint8_t* b,
                 const std::uint8_t* keep, std::int64_t n, int bins,
                 std::uint32_t* out) {
  count(a, b, keep, n, bins, out);
}

MUSL_AVX2 void count_avx2(const std::uint8_t* a, const std::uint8_t* b,
                          const std::uint8_t* keep, std::int64_t n, int bins,
                          std::uint32_t* out) {
  count(a, b, keep, n, bins, out);
}

MUSL_AVX512 void count_avx512(const std::uint8_t* a, const std::uint8_t* b,
                              const std::uint8_t* keep, std::int64_t n,
                              int bins, std::uint32_t* out) {
  count(a, b, keep, n, bins, out);
}

}  // namespace

CountSamples count_samples_with(InstructionSet set) {
  return work_for(set, count_plain, count_avx2, count_avx512);
}

void count_samples(const std::uint8_t* a, const std::uint8_t* b,
                   const std::uint8_t* keep, std::int64_t n, int bins,
                   std::uint32_t* out) {
  static const CountSamples best =
      count_samples_with(instruction_sets().back());
  best(a, b, keep, n, bins, out);
}

void joint_histogram(const std::uint8_t* codes_a, const std::uint8_t* codes_b,
                     std::int64_t n_samples, int bins, std::uint32_t* out) {
  count_samples(codes_a, codes_b, /*keep=*/nullptr, n_samples, bins, out);
}

}  // namespace musl
