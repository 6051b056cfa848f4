#include "expression/histogram.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/simd.h"

namespace musl {

namespace {

// Four interleaved byte tables: neighbouring samples in the same cell do not
// wait for each other, and 255 samples per table cannot overflow.
constexpr int kTables = 4;
constexpr std::int64_t kBlock = std::int64_t{kTables} * 255;
constexpr int kMaxCells = 64 * 64;
constexpr int kLanes = 16;
constexpr int kGap = 64;  // behind each table, or cells of two would alias

using Cells = std::uint16_t[kBlock + kLanes];

/// Cell of each sample, a * bins + b. The inner loops have a fixed length so
/// that compilers vectorise them at -O2.
void sample_cells(const std::uint8_t* __restrict a,
                  const std::uint8_t* __restrict b, std::int64_t n, int bins,
                  std::uint16_t* __restrict cells) {
  const auto k = static_cast<std::uint16_t>(bins);
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int j = 0; j < kLanes; ++j) {
      cells[i + j] = static_cast<std::uint16_t>(a[i + j] * k + b[i + j]);
    }
  }
  for (; i < n; ++i) cells[i] = static_cast<std::uint16_t>(a[i] * k + b[i]);
}

void add_tables(const std::uint8_t* __restrict tables, int stride, int cells,
                std::uint32_t* __restrict out) {
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

constexpr double kFloor = 1e-4;  // share of an empty cell, as in CNNC
constexpr std::uint32_t kTableSize = 4096;

MUSL_INLINE std::uint32_t largest_of(const std::uint32_t* counts, int n) {
  std::uint32_t largest = 0;
  for (int c = 0; c < n; ++c) {
    largest = counts[c] > largest ? counts[c] : largest;
  }
  return largest;
}

float scaled_count(std::uint32_t count, std::int64_t n) {
  return scaled_share(static_cast<double>(count) / static_cast<double>(n));
}

}  // namespace

void joint_histogram(const std::uint8_t* codes_a, const std::uint8_t* codes_b,
                     std::int64_t n_samples, int bins, std::uint32_t* out) {
  alignas(64) std::uint8_t tables[kTables * (kMaxCells + kGap)];
  alignas(64) Cells cells;
  const int n_cells = bins * bins;
  const int stride = n_cells + kGap;
  std::uint8_t* const second = tables + stride;
  std::uint8_t* const third = second + stride;
  std::uint8_t* const fourth = third + stride;
  std::fill(out, out + n_cells, 0u);
  for (std::int64_t first = 0; first < n_samples; first += kBlock) {
    const std::int64_t size = std::min(kBlock, n_samples - first);
    sample_cells(codes_a + first, codes_b + first, size, bins, cells);
    for (int c = 0; c < kTables * stride; c += kGap) {
      std::memset(tables + c, 0, kGap);
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

float scaled_share(double share) {
  const double scaled = (std::log10(share + kFloor) + 4.0) / 4.0;
  return static_cast<float>(std::clamp(scaled, 0.0, 1.0));
}

double share_of_scaled(double scaled) {
  return std::max(0.0, std::pow(10.0, 4.0 * scaled - 4.0) - kFloor);
}

void scale_histogram(const std::uint32_t* counts, std::int64_t n, int bins,
                     float* out) {
  const int n_cells = bins * bins;
  if (n == 0) {
    std::fill(out, out + n_cells, 0.0f);
    return;
  }
  static const auto largest_count =
      Compiled<largest_of>::with(instruction_sets().back());
  const std::uint32_t largest = largest_count(counts, n_cells);
  // Keeps logarithms of small counts while n is the same.
  thread_local std::vector<float> table;
  thread_local std::int64_t table_n = 0;
  if (table_n != n) table.clear();
  table_n = n;
  while (table.size() <= std::min(largest, kTableSize - 1)) {
    table.push_back(scaled_count(static_cast<std::uint32_t>(table.size()), n));
  }
  const float* const known = table.data();
  if (largest < kTableSize) {
    for (int c = 0; c < n_cells; ++c) out[c] = known[counts[c]];
    return;
  }
  for (int c = 0; c < n_cells; ++c) {
    out[c] =
        counts[c] < kTableSize ? known[counts[c]] : scaled_count(counts[c], n);
  }
}

}  // namespace musl
