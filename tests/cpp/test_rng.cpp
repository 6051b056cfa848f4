#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "musl/content_hash.h"
#include "musl/rng.h"

namespace musl {
namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};

/// A generator whose next 64 bits are these: the inverse of its output.
Rng giving(std::uint64_t bits) {
  const auto inverse = [](std::uint64_t odd) {
    std::uint64_t x = odd;  // Newton's steps double the bits that are right
    for (int i = 0; i < 6; ++i) x *= 2 - odd * x;
    return x;
  };
  const std::uint64_t rotated = bits * inverse(9);
  const std::uint64_t word = (rotated >> 7 | rotated << 57) * inverse(5);
  return Rng(Rng::State{1, word, 3, 4});
}

TEST(Rng, GivesTheNumbersOfThePublishedGenerator) {
  // As the authors' C code gives them from this state.
  Rng rng(Rng::State{1, 2, 3, 4});
  for (const std::uint64_t expected :
       {std::uint64_t{11520}, std::uint64_t{0}, std::uint64_t{1509978240},
        std::uint64_t{1215971899390074240}}) {
    EXPECT_EQ(rng.bits(), expected);
  }
}

TEST(Rng, IsSeededByThePublishedSplitmix64) {
  EXPECT_EQ(Rng(1234567).state(),
            (Rng::State{6457827717110365317u, 3203168211198807973u,
                        9817491932198370423u, 4593380528125082431u}));
}

TEST(Rng, UniformNumbersAreTheUpper53Bits) {
  EXPECT_EQ(giving(0).uniform(), 0);
  EXPECT_EQ(giving(2047).uniform(), 0);
  EXPECT_EQ(giving(2048).uniform(), std::ldexp(1.0, -53));
  EXPECT_EQ(giving(std::uint64_t{1} << 63).uniform(), .5);
  EXPECT_EQ(giving(kAll).uniform(), 1 - std::ldexp(1.0, -53));
}

TEST(Rng, BelowLeavesOutTheIncompleteBlockOfTheRange) {
  // 2^64 = n + threshold, so that numbers below the threshold would come twice.
  const std::uint64_t n = (std::uint64_t{1} << 63) + 1;
  const std::uint64_t threshold = (std::uint64_t{1} << 63) - 1;
  EXPECT_EQ(giving(threshold).below(n), threshold);
  EXPECT_EQ(giving(n - 1).below(n), n - 1);
  EXPECT_EQ(giving(n + 6).below(n), 6);
  Rng refused = giving(threshold - 1), next = refused;
  (void)next.bits();
  EXPECT_EQ(refused.below(n), next.below(n));
  // A power of two divides the range.
  for (const std::uint64_t bits : {std::uint64_t{0}, std::uint64_t{5}, kAll}) {
    EXPECT_EQ(giving(bits).below(8), bits % 8);
  }
  EXPECT_EQ(giving(kAll).below(1), 0);
}

TEST(Rng, NormalNumbersHaveTheNormalDistribution) {
  Rng rng(5);
  constexpr int kDraws = 200000;
  double sum = 0, squares = 0, fourths = 0;
  int within = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.normal();
    sum += x;
    squares += x * x;
    fourths += x * x * x * x;
    if (std::abs(x) < 1) ++within;
  }
  // Five standard errors of each.
  EXPECT_NEAR(sum / kDraws, 0, 0.012);
  EXPECT_NEAR(squares / kDraws, 1, 0.016);
  EXPECT_NEAR(fourths / kDraws, 3, 0.11);
  EXPECT_NEAR(static_cast<double>(within) / kDraws, 0.6827, 0.0053);
}

TEST(Rng, PermutationsAreEquallyFrequent) {
  std::map<std::vector<std::int64_t>, int> times;
  constexpr int kDraws = 24000;
  Rng rng(6);
  for (int i = 0; i < kDraws; ++i) ++times[rng.permutation(4)];
  EXPECT_EQ(times.size(), 24u);
  for (const auto& item : times) {  // 1,000 of each, with an sd of 31
    const std::set<std::int64_t> all(item.first.begin(), item.first.end());
    EXPECT_EQ(all, (std::set<std::int64_t>{0, 1, 2, 3}));
    EXPECT_NEAR(item.second, 1000, 5 * 31);
  }
  EXPECT_TRUE(rng.permutation(0).empty());
  EXPECT_EQ(rng.permutation(1), std::vector<std::int64_t>{0});
}

/// The first number of splitmix64.
std::uint64_t mixed(std::uint64_t seed) { return Rng(seed).state()[0]; }

TEST(DeriveSeed, MixesEachNumberIn) {
  // Odd factors of the golden kind, as in its definition.
  const auto expected = [](std::uint64_t seed, std::uint64_t a,
                           std::uint64_t b) {
    const auto one = mixed(seed) ^ (a * 0xd1342543de82ef95u + 1);
    return mixed(mixed(one) ^ (b * 0xaf251af3b0f025b5u + 1));
  };
  std::set<std::uint64_t> all;
  for (std::uint64_t a = 0; a < 20; ++a) {
    for (std::uint64_t b = 0; b < 20; ++b) {
      EXPECT_EQ(derive_seed(7, a, b), expected(7, a, b)) << a << " " << b;
      all.insert(derive_seed(7, a, b));
    }
  }
  EXPECT_EQ(all.size(), 400u);
  EXPECT_EQ(derive_seed(7, 3), derive_seed(7, 3, 0));
  EXPECT_NE(derive_seed(7, 3), derive_seed(8, 3));
}

std::string hash_of(const std::string& text) {
  ContentHash hash;
  hash.update(text);
  return hash.hex();
}

TEST(ContentHash, DoesNotDependOnHowBytesAreDividedIntoCalls) {
  const std::string text = "the quick brown fox jumps over the lazy dog";
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); second += 5) {
      ContentHash hash;
      hash.update(text.substr(0, first));
      hash.update(text.substr(first, second - first));
      hash.update(text.substr(second));
      EXPECT_EQ(hash.hex(), hash_of(text));
    }
  }
}

// Kept checkpoints and tables carry hashes. These are of a reference in Python.
TEST(ContentHash, StaysTheSameInLaterVersions) {
  EXPECT_EQ(hash_of(""), "31ed3548bf89f51d8ac5591a21bf94f4");
  EXPECT_EQ(hash_of("TP53"), "73bb66f4e33492cf5cdfb178f1afa03d");
  EXPECT_EQ(hash_of("the quick brown fox jumps over the lazy dog"),
            "7f5f664f26d14529b13a876dcd149a4f");
}

TEST(ContentHash, TellsApartEveryBitLengthAndOrder) {
  std::set<std::string> seen;
  const std::string zeros(40, '\0');
  std::size_t n = 0;
  for (std::size_t length = 0; length <= zeros.size(); ++length, ++n) {
    seen.insert(hash_of(zeros.substr(0, length)));
  }
  for (std::size_t bit = 0; bit < 8 * zeros.size(); ++bit, ++n) {
    std::string flipped = zeros;
    flipped[bit / 8] = static_cast<char>(1U << (bit % 8));
    seen.insert(hash_of(flipped));
  }
  EXPECT_EQ(seen.size(), n);
  EXPECT_NE(hash_of("12345678abcdefgh"), hash_of("abcdefgh12345678"));
  EXPECT_EQ(hash_of("a").size(), 32U);
}

TEST(ContentHash, FieldsDoNotRunIntoEachOther) {
  const auto two = [](const std::string& a, const std::string& b) {
    ContentHash hash;
    hash.update_field(a);
    hash.update_field(b);
    return hash.hex();
  };
  EXPECT_NE(two("ab", "c"), two("a", "bc"));
  EXPECT_NE(two("", "abc"), two("abc", ""));
}

}  // namespace
}  // namespace musl
