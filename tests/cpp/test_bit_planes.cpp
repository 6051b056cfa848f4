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

/// Random words of n planes, (words, lanes), and zeros after them.
std::vector<std::uint64_t> random_planes(int n, std::int64_t words, Rng* rng) {
  const int lanes = plane_lanes(n);
  std::vector<std::uint64_t> out(static_cast<std::size_t>(words * lanes));
  for (std::int64_t w = 0; w < words; ++w) {
    for (int i = 0; i < n; ++i) {
      out[static_cast<std::size_t>(w * lanes + i)] = rng->below(UINT64_MAX);
    }
  }
  return out;
}

/// Bits in both planes, one after another.
Counts slow_planes(const std::vector<std::uint64_t>& a,
                   const std::vector<std::uint64_t>& b, int n,
                   std::int64_t words) {
  const int lanes = plane_lanes(n);
  const auto has = [&](const std::vector<std::uint64_t>& x, int plane,
                       std::int64_t bit) {
    const auto at = static_cast<std::size_t>(bit / 64 * lanes + plane);
    return ((x[at] >> (bit % 64)) & 1) != 0;
  };
  Counts out(static_cast<std::size_t>(n * n));
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      for (std::int64_t bit = 0; bit < words * 64; ++bit) {
        if (has(a, i, bit) && has(b, j, bit)) {
          ++out[static_cast<std::size_t>(i * n + j)];
        }
      }
    }
  }
  return out;
}

TEST(BitPlanes, AllInstructionSetsCountAlike) {
  std::vector<CountPlanes> ways;
  for (const InstructionSet set : instruction_sets()) {
    ways.push_back(count_planes_with(set));
  }
  if (count_planes_by_vectors() != nullptr) {
    ways.push_back(count_planes_by_vectors());
  }
  Rng rng(2);
  for (const int n : {1, 2, 3, 7, 8, 9, 17}) {
    for (const std::int64_t words : {0, 1, 5}) {
      const auto a = random_planes(n, words, &rng);
      const auto b = random_planes(n, words, &rng);
      const Counts expected = slow_planes(a, b, n, words);
      for (const CountPlanes count : ways) {
        Counts found(expected.size(), 99);
        count(a.data(), b.data(), n, words, found.data());
        EXPECT_EQ(found, expected) << n << " planes, " << words << " words";
      }
    }
  }
}

}  // namespace
}  // namespace musl
