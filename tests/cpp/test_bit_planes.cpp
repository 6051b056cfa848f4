#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "expression/plane_count.h"
#include "musl/bit_planes.h"
#include "musl/rng.h"

namespace musl {
namespace {

using Counts = std::vector<std::uint32_t>;

ByteMatrix random_codes(int rows, int samples, int levels, Rng* rng) {
  ByteMatrix out(rows, samples);
  for (Eigen::Index r = 0; r < rows; ++r) {
    for (Eigen::Index s = 0; s < samples; ++s) {
      out(r, s) = static_cast<std::uint8_t>(
          rng->below(static_cast<std::uint64_t>(levels)));
    }
  }
  return out;
}

/// Samples of each pair of codes, one after another.
Counts slow_counts(const ByteMatrix& codes, int a, int b, int levels) {
  Counts out(static_cast<std::size_t>(levels * levels));
  for (Eigen::Index s = 0; s < codes.cols(); ++s) {
    ++out[static_cast<std::size_t>(codes(a, s) * levels + codes(b, s))];
  }
  return out;
}

TEST(BitPlanes, CountWhatCountingSamplesCounts) {
  Rng rng(1);
  for (const int levels : {2, 3, 8, 12}) {
    for (const int samples : {0, 1, 63, 64, 65, 128, 1000}) {
      const ByteMatrix codes = random_codes(4, samples, levels, &rng);
      const BitPlanes planes(codes, levels);
      for (int a = 0; a < 4; ++a) {
        for (int b = 0; b < 4; ++b) {
          Counts found(static_cast<std::size_t>(levels * levels), 99);
          planes.joint_counts(a, b, found.data());
          ASSERT_EQ(found, slow_counts(codes, a, b, levels))
              << levels << " levels, " << samples << " samples";
        }
      }
    }
  }
}

TEST(BitPlanes, LevelsThatNoSampleHasCountNothing) {
  const int levels = 5;
  ByteMatrix codes = ByteMatrix::Constant(2, 70, 4);
  codes.row(1).setZero();
  const BitPlanes planes(codes, levels);
  Counts found(levels * levels, 99);
  planes.joint_counts(0, 1, found.data());
  EXPECT_EQ(found, slow_counts(codes, 0, 1, levels));
}

TEST(BitPlanes, AllInstructionSetsCountAlike) {
  constexpr int kPlanes = 3;
  constexpr std::int64_t kWords = 5;
  Rng rng(2);
  std::vector<std::uint64_t> a, b;
  for (int i = 0; i < kPlanes * kWords; ++i) {
    a.push_back(rng.below(UINT64_MAX));
    b.push_back(rng.below(UINT64_MAX));
  }
  Counts expected(kPlanes * kPlanes);
  for (int i = 0; i < kPlanes; ++i) {
    for (int j = 0; j < kPlanes; ++j) {
      for (std::int64_t bit = 0; bit < kWords * 64; ++bit) {
        const auto has = [bit](const std::vector<std::uint64_t>& x, int plane) {
          return (x[static_cast<std::size_t>(plane * kWords + bit / 64)] >>
                  (bit % 64)) &
                 1;
        };
        expected[static_cast<std::size_t>(i * kPlanes + j)] +=
            static_cast<std::uint32_t>(has(a, i) & has(b, j));
      }
    }
  }
  for (const InstructionSet set : instruction_sets()) {
    Counts found(kPlanes * kPlanes, 99);
    count_planes_with(set)(a.data(), b.data(), kPlanes, kWords, found.data());
    EXPECT_EQ(found, expected);
  }
}

}  // namespace
}  // namespace musl
