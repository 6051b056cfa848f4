#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "folder_fixture.h"
#include "io/embedding_file.h"
#include "io/regular_file.h"
#include "io/safetensors.h"

namespace musl {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A file in the temporary directory, gone at the end of the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const Bytes& bytes)
      : path_(std::filesystem::temp_directory_path() /
              ("musl-" + std::to_string(::getpid()) + ".safetensors")) {
    std::ofstream out(path_, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

Bytes file_of(const std::string& header, const Bytes& data) {
  Bytes out(8 + header.size());
  for (std::size_t i = 0; i < 8; ++i) {
    out[i] = static_cast<std::uint8_t>(header.size() >> (8 * i));
  }
  std::copy(header.begin(), header.end(), out.begin() + 8);
  out.insert(out.end(), data.begin(), data.end());
  return out;
}

std::vector<float> read_one(const std::string& dtype, const Bytes& data,
                            std::size_t each) {
  const std::size_t n = data.size() / each;
  const TemporaryFile file(file_of(
      "{\"x\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + std::to_string(n) +
          "],\"data_offsets\":[0," + std::to_string(data.size()) + "]}}",
      data));
  const SafetensorsFile opened(file.path());
  std::vector<float> values(n);
  opened.read_floats("x", values.data());
  return values;
}

TEST(Safetensors, ReadsEveryFloatType) {
  const std::vector<float> expected = {1.0F, -2.5F, 0.0F};
  EXPECT_EQ(read_one("F16", {0x00, 0x3c, 0x00, 0xc1, 0x00, 0x00}, 2), expected);
  EXPECT_EQ(read_one("BF16", {0x80, 0x3f, 0x20, 0xc0, 0x00, 0x00}, 2),
            expected);
  const std::vector<double> wide(expected.begin(), expected.end());
  Bytes bytes(24);
  std::memcpy(bytes.data(), wide.data(), bytes.size());
  EXPECT_EQ(read_one("F64", bytes, 8), expected);
  bytes.resize(12);
  std::memcpy(bytes.data(), expected.data(), bytes.size());
  EXPECT_EQ(read_one("F32", bytes, 4), expected);
  EXPECT_THROW((void)read_one("I32", bytes, 4), FormatError);
}

TEST(Safetensors, ReadsTensorsOutOfOrderAndPassesMetadataOver) {
  const auto header = parse_json_header(
      R"({"__metadata__":{"format":"pt"},
          "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},
          "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},
          "none":{"dtype":"F32","shape":[0,7],"data_offsets":[12,12]}})");
  const auto tensors = stored_tensors(header, 12);
  EXPECT_EQ(tensors.size(), 3U);
  EXPECT_EQ(tensors.at("a").size(), 1);
  EXPECT_EQ(tensors.at("b").begin, 4U);
  EXPECT_EQ(tensors.at("none").size(), 0);
}

TEST(Safetensors, AnyDamageIsAFormatErrorOrReads) {
  const Bytes whole =
      file_of(R"({"x":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})",
              Bytes(8, 1));
  const auto open = [](const Bytes& bytes) {
    const TemporaryFile file(bytes);
    try {
      const SafetensorsFile opened(file.path());
      for (const auto& [name, tensor] : opened.tensors()) {
        std::vector<float> values(static_cast<std::size_t>(tensor.size()));
        opened.read_floats(name, values.data());
      }
      return true;
    } catch (const FormatError&) {
      return false;
    }
  };
  EXPECT_TRUE(open(whole));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_FALSE(
        open(Bytes(whole.begin(), whole.begin() + static_cast<long>(n))));
  }
  Rng rng(1);
  for (int i = 0; i < 500; ++i) {
    Bytes damaged = whole;
    damaged[rng.bits() % damaged.size()] =
        static_cast<std::uint8_t>(rng.bits() & 255U);
    (void)open(damaged);
  }
}

TEST(EmbeddingTensors, AreOneMatrixOrAVectorAProtein) {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  Bytes data(24);
  std::memcpy(data.data(), values.data(), data.size());
  const auto read = [&data](const std::string& header) {
    const TemporaryFile file(file_of(header, data));
    return read_embedding_tensors(file.path());
  };
  const auto matrix =
      read(R"({"x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})");
  EXPECT_TRUE(matrix.ids.empty());
  const Matrix rows = (Matrix(2, 3) << 1, 2, 3, 4, 5, 6).finished();
  EXPECT_EQ(matrix.values, rows);
  const auto row =
      read(R"({"x":{"dtype":"F32","shape":[1,6],"data_offsets":[0,24]}})");
  EXPECT_EQ(row.ids, (std::vector<std::string>{"x"}));
  EXPECT_EQ(row.values.cols(), 6);
  const auto vectors =
      read(R"({"p":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},
               "q":{"dtype":"F32","shape":[1,3],"data_offsets":[12,24]}})");
  EXPECT_EQ(vectors.ids, (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(vectors.values, rows);
  for (const char* shapes : {R"("shape":[2,2],"data_offsets":[0,16]},
               "q":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}})",
                             R"("shape":[4],"data_offsets":[0,16]},
               "q":{"dtype":"F32","shape":[2],"data_offsets":[16,24]}})"}) {
    EXPECT_THROW((void)read(R"({"p":{"dtype":"F32",)" + std::string(shapes)),
                 FormatError);
  }
}

TEST(Safetensors, ContentHashSeesEveryByte) {
  const auto hash_of = [](const Bytes& bytes) {
    const TemporaryFile file(bytes);
    ContentHash hash;
    SafetensorsFile(file.path()).add_to(&hash, [] {});
    return hash.hex();
  };
  Bytes bytes = file_of(
      R"({"x":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})", Bytes(8, 1));
  const std::string before = hash_of(bytes);
  bytes.back() ^= 1U;
  EXPECT_NE(hash_of(bytes), before);
}

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

class Files : public test::Folder {};

TEST_F(Files, BytesBehindTheEndAreRefusedAsThoseOfAShorterFile) {
  const std::string name = write("f", "abcdef");
  const RegularFile file(name);
  std::string read(3, '?');
  file.read(3, 3, read.data());
  EXPECT_EQ(read, "def");
  file.read(6, 0, read.data());
  for (const std::uint64_t first : {4, 6, 99}) {
    EXPECT_NE(test::refusal([&] {
                file.read(first, 3, read.data());
              }).find("shorter"),
              std::string::npos)
        << first;
  }
}

TEST_F(Files, EmbeddingsWithoutATensorAreRefusedWithoutALine) {
  const std::string header = "{}";
  std::string bytes(1, static_cast<char>(header.size()));
  bytes += std::string(7, '\0') + header;
  const std::string what =
      test::refusal([&] { (void)read_embedding_tensors(write("f", bytes)); });
  EXPECT_NE(what.find("has no tensor"), std::string::npos) << what;
  EXPECT_EQ(what.find("line"), std::string::npos) << what;
}

}  // namespace
}  // namespace musl
