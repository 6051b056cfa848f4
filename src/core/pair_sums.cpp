#include "pair_sums.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "profile.h"
#include "simd.h"

namespace musl {

namespace {

constexpr std::int64_t kStretch = 1024;
constexpr std::int64_t kStep = 16;
constexpr std::int64_t kByteRounds = 255;  // additions a byte can hold

std::int64_t sum_bytes(Bytes16 x) {
  std::int64_t sum = 0;
  for (int i = 0; i < 16; ++i) sum += x[i];
  return sum;
}

/// A stretch as 0/1 numbers, filled up with zeros to whole steps.
void to_mask(const std::uint8_t* __restrict flags, int shift, std::int64_t n,
             float* __restrict mask) {
  std::int64_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    for (int j = 0; j < kStep; ++j) {
      mask[i + j] = static_cast<float>((flags[i + j] >> shift) & 1);
    }
  }
  for (; i < n; ++i) mask[i] = static_cast<float>((flags[i] >> shift) & 1);
}

int shift_of(std::uint8_t bit) {
  return bit == kLow ? 0 : bit == kHigh ? 1 : 2;
}

float dot_stretch(const float* x, const float* y, std::int64_t n) {
  std::array<Floats4, 4> sums{};
  std::int64_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    for (std::size_t k = 0; k < 4; ++k) {
      sums[k] += load_floats(x + i + 4 * k) * load_floats(y + i + 4 * k);
    }
  }
  float rest = 0;
  for (; i < n; ++i) rest += x[i] * y[i];
  return sum_lanes((sums[0] + sums[1]) + (sums[2] + sums[3])) + rest;
}

/// Second moments of two rows about given means, over masked samples.
struct Moments {
  double xx = 0, yy = 0, xy = 0;
};

void add_moments(const float* x, const float* y, const float* mask,
                 float mean_x, float mean_y, std::int64_t n, Moments* out) {
  Floats4 xx{}, yy{}, xy{};
  std::int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const Floats4 kept = load_floats(mask + i);
    const Floats4 dx = (load_floats(x + i) - mean_x) * kept;
    const Floats4 dy = (load_floats(y + i) - mean_y) * kept;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  float rest_xx = 0, rest_yy = 0, rest_xy = 0;
  for (; i < n; ++i) {
    const float dx = (x[i] - mean_x) * mask[i];
    const float dy = (y[i] - mean_y) * mask[i];
    rest_xx += dx * dx;
    rest_yy += dy * dy;
    rest_xy += dx * dy;
  }
  out->xx += sum_lanes(xx) + rest_xx;
  out->yy += sum_lanes(yy) + rest_yy;
  out->xy += sum_lanes(xy) + rest_xy;
}

/// Calls work(first, size) for each stretch of 0 .. n - 1.
template <typename Work>
void for_stretches(std::int64_t n, const Work& work) {
  for (std::int64_t first = 0; first < n; first += kStretch) {
    work(first, std::min(kStretch, n - first));
  }
}

}  // namespace

FlagCounts count_flags(const std::uint8_t* a, const std::uint8_t* b,
                       std::int64_t n) {
  FlagCounts counts;
  const std::array<std::int64_t*, 11> totals = {
      &counts.low_a,    &counts.low_b,      &counts.high_a,
      &counts.high_b,   &counts.detected_a, &counts.detected_b,
      &counts.low_low,  &counts.high_high,  &counts.both_detected,
      &counts.low_high, &counts.high_low};
  const auto add = [](Bytes16 x, Bytes16 y, std::array<Bytes16, 11>* sums) {
    const Bytes16 both = x & y;
    (*sums)[0] += x & 1;
    (*sums)[1] += y & 1;
    (*sums)[2] += (x >> 1) & 1;
    (*sums)[3] += (y >> 1) & 1;
    (*sums)[4] += x >> 2;
    (*sums)[5] += y >> 2;
    (*sums)[6] += both & 1;
    (*sums)[7] += (both >> 1) & 1;
    (*sums)[8] += both >> 2;
    (*sums)[9] += x & (y >> 1) & 1;
    (*sums)[10] += (x >> 1) & y & 1;
  };
  for (std::int64_t i = 0; i < n;) {
    std::array<Bytes16, 11> sums{};
    std::int64_t rounds = 0;
    for (; rounds < kByteRounds && i + kStep <= n; ++rounds, i += kStep) {
      add(load_bytes(a + i), load_bytes(b + i), &sums);
    }
    if (rounds < kByteRounds && i < n) {
      Bytes16 x{}, y{};
      std::memcpy(&x, a + i, static_cast<std::size_t>(n - i));
      std::memcpy(&y, b + i, static_cast<std::size_t>(n - i));
      add(x, y, &sums);
      i = n;
    }
    for (std::size_t k = 0; k < totals.size(); ++k) {
      *totals[k] += sum_bytes(sums[k]);
    }
  }
  return counts;
}

double dot(const float* x, const float* y, std::int64_t n) {
  double sum = 0;
  for_stretches(n, [&](std::int64_t first, std::int64_t size) {
    sum += dot_stretch(x + first, y + first, size);
  });
  return sum;
}

double sum_flagged(const float* x, const std::uint8_t* flags, std::uint8_t bit,
                   std::int64_t n) {
  std::array<float, kStretch> mask;
  double sum = 0;
  for_stretches(n, [&](std::int64_t first, std::int64_t size) {
    to_mask(flags + first, shift_of(bit), size, mask.data());
    sum += dot_stretch(x + first, mask.data(), size);
  });
  return sum;
}

double flagged_pearson(const float* x, const float* y,
                       const std::uint8_t* flags_x, const std::uint8_t* flags_y,
                       std::uint8_t bit, std::int64_t n_both, std::int64_t n) {
  if (n_both < 3) return 0;
  std::array<std::uint8_t, kStretch> both;
  std::array<float, kStretch> mask;
  const auto fill_mask = [&](std::int64_t first, std::int64_t size) {
    for (std::int64_t i = 0; i < size; ++i) {
      both[static_cast<std::size_t>(i)] =
          flags_x[first + i] & flags_y[first + i];
    }
    to_mask(both.data(), shift_of(bit), size, mask.data());
  };
  double sum_x = 0, sum_y = 0, square_x = 0, square_y = 0;
  for_stretches(n, [&](std::int64_t first, std::int64_t size) {
    fill_mask(first, size);
    Moments about_zero;
    sum_x += dot_stretch(x + first, mask.data(), size);
    sum_y += dot_stretch(y + first, mask.data(), size);
    add_moments(x + first, y + first, mask.data(), 0, 0, size, &about_zero);
    square_x += about_zero.xx;
    square_y += about_zero.yy;
  });
  const auto count = static_cast<double>(n_both);
  Moments m;
  for_stretches(n, [&](std::int64_t first, std::int64_t size) {
    fill_mask(first, size);
    add_moments(x + first, y + first, mask.data(),
                static_cast<float>(sum_x / count),
                static_cast<float>(sum_y / count), size, &m);
  });
  // What rounding of the mean leaves of a constant row is no variation.
  constexpr double kRounding = 1e-10;
  if (m.xx <= kRounding * square_x || m.yy <= kRounding * square_y) return 0;
  return std::clamp(m.xy / std::sqrt(m.xx * m.yy), -1.0, 1.0);
}

}  // namespace musl
