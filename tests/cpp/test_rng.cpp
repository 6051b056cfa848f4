#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "io/file.h"

namespace musl {
namespace {

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
