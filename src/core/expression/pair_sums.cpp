#include "expression/pair_sums.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/simd.h"
#include "expression/profile.h"

namespace musl {

namespace {

constexpr std::int64_t kStretch = 1024;
constexpr std::int64_t kStep = 16;
constexpr std::int64_t kByteRounds = 255;  // additions a byte can hold

MUSL_INLINE std::int64_t sum_bytes(Bytes16 x) {
  std::int64_t sum = 0;
  for (int i = 0; i < 16; ++i) sum += x[i];
  return sum;
}

/// A block as 0/1 numbers, zero-padded to whole steps.
MUSL_INLINE void to_mask(const std::uint8_t* __restrict flags, int shift,
                         std::int64_t n, float* __restrict mask) {
  std::int64_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    for (int j = 0; j < kStep; ++j) {
      mask[i + j] = static_cast<float>((flags[i + j] >> shift) & 1);
    }
  }
  for (; i < n; ++i) mask[i] = static_cast<float>((flags[i] >> shift) & 1);
}

MUSL_INLINE void to_mask_of_both(const std::uint8_t* a, const std::uint8_t* b,
                                 int shift, std::int64_t n, float* mask) {
  std::array<std::uint8_t, kStretch> both;
  for (std::int64_t i = 0; i < n; ++i) {
    both[static_cast<std::size_t>(i)] = a[i] & b[i];
  }
  to_mask(both.data(), shift, n, mask);
}

MUSL_INLINE int shift_of(std::uint8_t bit) {
  return bit == kLow ? 0 : bit == kHigh ? 1 : 2;
}

/// Sixteen running sums, value i in sum i mod 16, in vectors of any width.
template <typename Vector>
struct Lanes {
  static constexpr std::size_t kVectors = 16 * sizeof(float) / sizeof(Vector);
  std::array<Vector, kVectors> sums{};

  [[nodiscard]] MUSL_INLINE float total() const {
    std::array<Floats4, 4> parts;
    std::memcpy(&parts, &sums, sizeof(parts));
    return sum_lanes((parts[0] + parts[1]) + (parts[2] + parts[3]));
  }
};

template <typename Vector>
MUSL_INLINE float dot_stretch(const float* x, const float* y, std::int64_t n) {
  constexpr auto kWidth = sizeof(Vector) / sizeof(float);
  Lanes<Vector> lanes;
  std::int64_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    for (std::size_t k = 0; k < lanes.kVectors; ++k) {
      Vector u, v;
      load(x + i + kWidth * k, &u);
      load(y + i + kWidth * k, &v);
      lanes.sums[k] += u * v;
    }
  }
  float rest = 0;
  for (; i < n; ++i) rest += x[i] * y[i];
  return lanes.total() + rest;
}

/// Second moments of two rows about given means, over masked samples.
struct Moments {
  double xx = 0, yy = 0, xy = 0;
};

template <typename Vector>
MUSL_INLINE void add_moments(const float* x, const float* y, const float* mask,
                             float mean_x, float mean_y, std::int64_t n,
                             Moments* out) {
  constexpr auto kWidth = sizeof(Vector) / sizeof(float);
  Lanes<Vector> xx, yy, xy;
  std::int64_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    for (std::size_t k = 0; k < xx.kVectors; ++k) {
      Vector u, v, kept;
      load(x + i + kWidth * k, &u);
      load(y + i + kWidth * k, &v);
      load(mask + i + kWidth * k, &kept);
      const Vector dx = (u - mean_x) * kept;
      const Vector dy = (v - mean_y) * kept;
      xx.sums[k] += dx * dx;
      yy.sums[k] += dy * dy;
      xy.sums[k] += dx * dy;
    }
  }
  float rest_xx = 0, rest_yy = 0, rest_xy = 0;
  for (; i < n; ++i) {
    const float dx = (x[i] - mean_x) * mask[i];
    const float dy = (y[i] - mean_y) * mask[i];
    rest_xx += dx * dx;
    rest_yy += dy * dy;
    rest_xy += dx * dy;
  }
  out->xx += xx.total() + rest_xx;
  out->yy += yy.total() + rest_yy;
  out->xy += xy.total() + rest_xy;
}

/// The larger of x and y; |x| for y = -x.
template <typename Vector>
MUSL_INLINE void larger(const Vector& x, const Vector& y, Vector* out) {
  *out = x > y ? x : y;
}

template <typename Vector>
MUSL_INLINE void add_distances(const float* x, const float* y, std::int64_t n,
                               Distances* out) {
  constexpr auto kWidth = sizeof(Vector) / sizeof(float);
  constexpr float kNothing = 1e-37f;  // stands for 0 in a denominator
  Lanes<Vector> absolute, squared, size, relative;
  std::array<Vector, Lanes<Vector>::kVectors> largest{};
  std::array<float, kStep> u{}, v{};
  for (std::int64_t i = 0; i < n; i += kStep) {
    const bool whole = i + kStep <= n;
    // A remainder is zero-padded, which adds nothing.
    if (!whole) {
      const auto bytes = static_cast<std::size_t>(n - i) * sizeof(float);
      std::memcpy(u.data(), x + i, bytes);
      std::memcpy(v.data(), y + i, bytes);
    }
    const float* const from_x = whole ? x + i : u.data();
    const float* const from_y = whole ? y + i : v.data();
    for (std::size_t k = 0; k < absolute.kVectors; ++k) {
      Vector p, q, apart, size_p, size_q, below;
      load(from_x + kWidth * k, &p);
      load(from_y + kWidth * k, &q);
      const Vector difference = p - q;
      larger<Vector>(difference, -difference, &apart);
      larger<Vector>(p, -p, &size_p);
      larger<Vector>(q, -q, &size_q);
      const Vector sizes = size_p + size_q;
      larger<Vector>(sizes, Vector{} + kNothing, &below);
      larger<Vector>(largest[k], apart, &largest[k]);
      absolute.sums[k] += apart;
      squared.sums[k] += apart * apart;
      size.sums[k] += sizes;
      relative.sums[k] += apart / below;
    }
  }
  std::array<float, kStep> ends;
  std::memcpy(ends.data(), largest.data(), sizeof(ends));
  const float end = *std::max_element(ends.begin(), ends.end());
  out->largest = std::max(out->largest, static_cast<double>(end));
  out->absolute += absolute.total();
  out->squared += squared.total();
  out->size += size.total();
  out->relative += relative.total();
}

MUSL_INLINE FlagCounts count_flags(const std::uint8_t* a, const std::uint8_t* b,
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

template <typename Vector>
MUSL_INLINE double dot(const float* x, const float* y, std::int64_t n) {
  double sum = 0;
  for (std::int64_t first = 0; first < n; first += kStretch) {
    sum += dot_stretch<Vector>(x + first, y + first,
                               std::min(kStretch, n - first));
  }
  return sum;
}

template <typename Vector>
MUSL_INLINE double flagged(const float* x, const std::uint8_t* flags,
                           std::uint8_t bit, std::int64_t n) {
  std::array<float, kStretch> mask;
  double sum = 0;
  for (std::int64_t first = 0; first < n; first += kStretch) {
    const std::int64_t size = std::min(kStretch, n - first);
    to_mask(flags + first, shift_of(bit), size, mask.data());
    sum += dot_stretch<Vector>(x + first, mask.data(), size);
  }
  return sum;
}

template <typename Vector>
MUSL_INLINE double pearson(const float* x, const float* y,
                           const std::uint8_t* flags_x,
                           const std::uint8_t* flags_y, std::uint8_t bit,
                           std::int64_t n_both, std::int64_t n) {
  if (n_both < 3) return 0;
  std::array<float, kStretch> mask;
  double sum_x = 0, sum_y = 0, square_x = 0, square_y = 0;
  for (std::int64_t first = 0; first < n; first += kStretch) {
    const std::int64_t size = std::min(kStretch, n - first);
    to_mask_of_both(flags_x + first, flags_y + first, shift_of(bit), size,
                    mask.data());
    Moments about_zero;
    sum_x += dot_stretch<Vector>(x + first, mask.data(), size);
    sum_y += dot_stretch<Vector>(y + first, mask.data(), size);
    add_moments<Vector>(x + first, y + first, mask.data(), 0, 0, size,
                        &about_zero);
    square_x += about_zero.xx;
    square_y += about_zero.yy;
  }
  const auto count = static_cast<double>(n_both);
  const auto mean_x = static_cast<float>(sum_x / count);
  const auto mean_y = static_cast<float>(sum_y / count);
  Moments m;
  for (std::int64_t first = 0; first < n; first += kStretch) {
    const std::int64_t size = std::min(kStretch, n - first);
    to_mask_of_both(flags_x + first, flags_y + first, shift_of(bit), size,
                    mask.data());
    add_moments<Vector>(x + first, y + first, mask.data(), mean_x, mean_y, size,
                        &m);
  }
  // Rounding errors in the mean of a constant row are not variation.
  constexpr double kRounding = 1e-10;
  if (m.xx <= kRounding * square_x || m.yy <= kRounding * square_y) return 0;
  return std::clamp(m.xy / std::sqrt(m.xx * m.yy), -1.0, 1.0);
}

template <typename Vector>
MUSL_INLINE Distances distances(const float* x, const float* y,
                                std::int64_t n) {
  Distances sums;
  for (std::int64_t first = 0; first < n; first += kStretch) {
    add_distances<Vector>(x + first, y + first, std::min(kStretch, n - first),
                          &sums);
  }
  return sums;
}

/// The sums with vectors of one width, compiled for one instruction set.
template <typename Vector>
struct Sums {
  using Flags = Compiled<count_flags>;
  using Dot = Compiled<dot<Vector>>;
  using Flagged = Compiled<flagged<Vector>>;
  using Pearson = Compiled<pearson<Vector>>;
  using Apart = Compiled<distances<Vector>>;
};

}  // namespace

PairSums pair_sums_with(InstructionSet set) {
  using Plain = Sums<Floats4>;
  using Avx2 = Sums<Floats8>;
  using Avx512 = Sums<Floats16>;
  return work_for(
      set,
      PairSums{Plain::Flags::plain, Plain::Dot::plain, Plain::Flagged::plain,
               Plain::Pearson::plain, Plain::Apart::plain},
      PairSums{Avx2::Flags::avx2, Avx2::Dot::avx2, Avx2::Flagged::avx2,
               Avx2::Pearson::avx2, Avx2::Apart::avx2},
      PairSums{Avx512::Flags::avx512, Avx512::Dot::avx512,
               Avx512::Flagged::avx512, Avx512::Pearson::avx512,
               Avx512::Apart::avx512});
}

const PairSums& pair_sums() {
  static const PairSums best = pair_sums_with(instruction_sets().back());
  return best;
}

}  // namespace musl
