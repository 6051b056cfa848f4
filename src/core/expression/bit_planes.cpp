#include "musl/bit_planes.h"

#include <algorithm>
#include <array>

#include "base/simd.h"
#include "expression/plane_count.h"
#ifdef MUSL_X86
#include <immintrin.h>
#endif

namespace musl {

namespace {

constexpr int kMostPlaneLevels = 64;
constexpr std::int64_t kWordBits = 64;

MUSL_INLINE void count_pairs_of_planes(const std::uint64_t* a,
                                       const std::uint64_t* b, int n,
                                       std::int64_t words, std::uint32_t* out) {
  const int lanes = plane_lanes(n);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      std::uint64_t sum = 0;
      for (std::int64_t w = 0; w < words; ++w) {
        sum += static_cast<std::uint64_t>(
            __builtin_popcountll(a[w * lanes + i] & b[w * lanes + j]));
      }
      *out++ = static_cast<std::uint32_t>(sum);
    }
  }
}

void planes_plain(const std::uint64_t* a, const std::uint64_t* b, int n,
                  std::int64_t words, std::uint32_t* out) {
  count_pairs_of_planes(a, b, n, words, out);
}

MUSL_AVX2 void planes_avx2(const std::uint64_t* a, const std::uint64_t* b,
                           int n, std::int64_t words, std::uint32_t* out) {
  count_pairs_of_planes(a, b, n, words, out);
}

MUSL_AVX512 void planes_avx512(const std::uint64_t* a, const std::uint64_t* b,
                               int n, std::int64_t words, std::uint32_t* out) {
  count_pairs_of_planes(a, b, n, words, out);
}

#ifdef MUSL_X86
#define MUSL_VECTOR_COUNTS \
  __attribute__((target("popcnt,avx512f,avx512vpopcntdq")))

/// Of kPlaneLanes planes of a and of b, which start there: a vector of sums a
/// plane of a, so that lanes are never added up.
MUSL_VECTOR_COUNTS void count_block(const std::uint64_t* a,
                                    const std::uint64_t* b, int lanes,
                                    std::int64_t words,
                                    std::uint64_t (*out)[kPlaneLanes]) {
  __m512i sums[kPlaneLanes];
  for (auto& sum : sums) sum = _mm512_setzero_si512();
  for (std::int64_t w = 0; w < words; ++w, a += lanes, b += lanes) {
    const __m512i other = _mm512_loadu_si512(b);
    for (int i = 0; i < kPlaneLanes; ++i) {
      const __m512i one = _mm512_set1_epi64(static_cast<std::int64_t>(a[i]));
      sums[i] = _mm512_add_epi64(
          sums[i], _mm512_popcnt_epi64(_mm512_and_si512(one, other)));
    }
  }
  for (int i = 0; i < kPlaneLanes; ++i) _mm512_storeu_si512(out[i], sums[i]);
}

MUSL_VECTOR_COUNTS void planes_by_vectors(const std::uint64_t* a,
                                          const std::uint64_t* b, int n,
                                          std::int64_t words,
                                          std::uint32_t* out) {
  const int lanes = plane_lanes(n);
  if (lanes % kPlaneLanes != 0) {
    count_pairs_of_planes(a, b, n, words, out);
    return;
  }
  std::uint64_t block[kPlaneLanes][kPlaneLanes];
  for (int i = 0; i < n; i += kPlaneLanes) {
    const int rows = std::min(kPlaneLanes, n - i);
    for (int j = 0; j < n; j += kPlaneLanes) {
      count_block(a + i, b + j, lanes, words, block);
      std::uint32_t* const corner = out + std::ptrdiff_t{i} * n + j;
      for (int r = 0; r < rows; ++r) {
        std::copy_n(block[r], std::min(kPlaneLanes, n - j),
                    corner + std::ptrdiff_t{r} * n);
      }
    }
  }
}

bool has_vector_counts() {
  return instruction_sets().back() == InstructionSet::avx512 &&
         __builtin_cpu_supports("avx512vpopcntdq") != 0;
}
#endif

}  // namespace

CountPlanes count_planes_with(InstructionSet set) {
  return work_for(set, planes_plain, planes_avx2, planes_avx512);
}

CountPlanes count_planes_by_vectors() {
#ifdef MUSL_X86
  if (has_vector_counts()) return planes_by_vectors;
#endif
  return nullptr;
}

namespace {
CountPlanes best_count() {
  const CountPlanes by_vectors = count_planes_by_vectors();
  return by_vectors != nullptr ? by_vectors
                               : count_planes_with(instruction_sets().back());
}
}  // namespace

BitPlanes::BitPlanes(const ByteMatrix& codes, int levels)
    : levels_(levels),
      words_((codes.cols() + kWordBits - 1) / kWordBits),
      lanes_(plane_lanes(levels - 1)),
      planes_(static_cast<std::size_t>(codes.rows() * words_ * lanes_)),
      counts_(static_cast<std::size_t>(codes.rows() * levels)) {
  for (Eigen::Index r = 0; r < codes.rows(); ++r) {
    std::uint32_t* const counts = counts_.data() + r * levels_;
    std::uint64_t* const planes = planes_.data() + r * words_ * lanes_;
    for (Eigen::Index s = 0; s < codes.cols(); ++s) {
      const int level = codes(r, s);
      ++counts[level];
      if (level == 0) continue;
      planes[s / kWordBits * lanes_ + level - 1] |= std::uint64_t{1}
                                                    << (s % kWordBits);
    }
  }
}

void BitPlanes::joint_counts(std::int64_t row_a, std::int64_t row_b,
                             std::uint32_t* out) const {
  static const CountPlanes count = best_count();
  const int n = levels_ - 1;
  std::array<std::uint32_t, std::size_t{kMostPlaneLevels} * kMostPlaneLevels>
      both;
  count(planes(row_a), planes(row_b), n, words_, both.data());
  // Level 0 has the samples that no plane has.
  const std::uint32_t* const of_a = counts(row_a);
  const std::uint32_t* const of_b = counts(row_b);
  std::uint32_t* const first = out;
  for (int j = 0; j < levels_; ++j) first[j] = of_b[j];
  const std::uint32_t* cell = both.data();
  for (int i = 1; i < levels_; ++i) {
    std::uint32_t* const row = out + std::ptrdiff_t{i} * levels_;
    row[0] = of_a[i];
    for (int j = 1; j < levels_; ++j, ++cell) {
      row[j] = *cell;
      row[0] -= *cell;
      first[j] -= *cell;
    }
    first[0] -= row[0];
  }
}

}  // namespace musl
