#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "folder_fixture.h"
#include "io/embedding_cache.h"

namespace musl {
namespace {

class EmbeddingCacheFiles : public test::Folder {
 protected:
  [[nodiscard]] EmbeddingCache open(std::int64_t width = 3) const {
    return EmbeddingCache(path("cache"), "model", width);
  }
};

/// As a hash is written: 32 characters.
std::string key(char letter) { return std::string(32, letter); }

std::vector<float> row(const EmbeddingCache& cache, char letter) {
  const float* values = cache.find(key(letter));
  return values == nullptr ? std::vector<float>{}
                           : std::vector<float>(values, values + 3);
}

TEST_F(EmbeddingCacheFiles, ValuesComeBackByTheirKeysInANewProcess) {
  const std::vector<float> a = {1, 2, 3}, b = {-4, 5.5F, 0}, c = {7, 8, 9};
  {
    auto cache = open();
    cache.add(key('a'), a.data());
    cache.add(key('b'), b.data());
    cache.flush();
    cache.add(key('c'), c.data());
    cache.flush();
    cache.flush();  // nothing new
  }
  const auto cache = open();
  EXPECT_TRUE(cache.damaged().empty());
  EXPECT_EQ(row(cache, 'a'), a);
  EXPECT_EQ(row(cache, 'b'), b);
  EXPECT_EQ(row(cache, 'c'), c);
  EXPECT_EQ(cache.find(key('d')), nullptr);
}

TEST_F(EmbeddingCacheFiles, FilesThatDoNotFitArePassedOverByName) {
  const std::vector<float> a = {1, 2, 3};
  {
    auto cache = open();
    cache.add(key('a'), a.data());
    cache.flush();
  }
  const std::string damaged =
      write("cache/model/part-x.safetensors", "no archive");
  const auto cache = open();
  EXPECT_EQ(cache.damaged(), std::vector<std::string>{damaged});
  EXPECT_EQ(row(cache, 'a'), a);
  EXPECT_EQ(open(/*width=*/4).damaged().size(), 2u);
}

}  // namespace
}  // namespace musl
