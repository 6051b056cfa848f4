#include "musl/bit_planes.h"

#include <array>

#include "expression/plane_count.h"

namespace musl {

namespace {

constexpr int kMostPlaneLevels = 64;
constexpr std::int64_t kWordBits = 64;

MUSL_INLINE void count_pairs_of_planes(const std::uint64_t* a,
                                       const std::uint64_t* b, int n,
                                       std::int64_t words, std::uint32_t* out) {
  for (int i = 0; i < n; ++i, a += words) {
    const std::uint64_t* other = b;
    for (int j = 0; j < n; ++j, other += words) {
      std::uint64_t sum = 0;
      for (std::int64_t w = 0; w < words; ++w) {
        sum +=
            static_cast<std::uint64_t>(__builtin_popcountll(a[w] & other[w]));
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

}  // namespace

CountPlanes count_planes_with(InstructionSet set) {
  return work_for(set, planes_plain, planes_avx2, planes_avx512);
}

BitPlanes::BitPlanes(const ByteMatrix& codes, int levels)
    : levels_(levels),
      words_((codes.cols() + kWordBits - 1) / kWordBits),
      planes_(static_cast<std::size_t>(codes.rows() * (levels - 1) * words_)),
      counts_(static_cast<std::size_t>(codes.rows() * levels)) {
  for (Eigen::Index r = 0; r < codes.rows(); ++r) {
    std::uint32_t* const counts = counts_.data() + r * levels_;
    std::uint64_t* const planes = planes_.data() + r * (levels_ - 1) * words_;
    for (Eigen::Index s = 0; s < codes.cols(); ++s) {
      const int level = codes(r, s);
      ++counts[level];
      if (level == 0) continue;
      planes[(level - 1) * words_ + s / kWordBits] |= std::uint64_t{1}
                                                      << (s % kWordBits);
    }
  }
}

void BitPlanes::joint_counts(std::int64_t row_a, std::int64_t row_b,
                             std::uint32_t* out) const {
  static const CountPlanes count = count_planes_with(instruction_sets().back());
  const int n = levels_ - 1;
  std::array<std::uint32_t, kMostPlaneLevels * kMostPlaneLevels> both;
  count(planes(row_a), planes(row_b), n, words_, both.data());
  // Level 0 has the samples that no plane has.
  const std::uint32_t* const of_a = counts(row_a);
  const std::uint32_t* const of_b = counts(row_b);
  std::uint32_t* const first = out;
  for (int j = 0; j < levels_; ++j) first[j] = of_b[j];
  const std::uint32_t* cell = both.data();
  for (int i = 1; i < levels_; ++i) {
    std::uint32_t* const row = out + i * levels_;
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
