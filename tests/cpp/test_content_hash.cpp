#include <gtest/gtest.h>

#include <set>
#include <string>

#include "musl/content_hash.h"

namespace musl {
namespace {

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
