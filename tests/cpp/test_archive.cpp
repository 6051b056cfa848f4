#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "folder_fixture.h"
#include "io/archive.h"
#include "io/archive_file.h"
#include "io/file.h"

namespace musl {
namespace {

using Bytes = std::vector<std::uint8_t>;

Archive example() {
  Archive archive;
  const std::vector<float> f = {1.5f, -0.0f, 3e-40f, 1e38f, 0.1f, -7.0f};
  const std::vector<std::int32_t> i = {-1, 2147483647, 0};
  const std::vector<std::int64_t> l = {-5, 1LL << 60};
  const std::vector<double> d = {0.1, std::numeric_limits<double>::infinity()};
  const std::vector<std::uint8_t> u = {0, 255, 7};
  archive.put("weights", {2, 3}, f.data());
  archive.put("index", {3}, i.data());
  archive.put("keys", {2, 1}, l.data());
  archive.put("edges", {2}, d.data());
  archive.put("codes", {3}, u.data());
  archive.put("empty", {0, 4}, f.data());
  archive.put("scalar", {}, d.data());
  archive.metadata["architecture"] = "{\"bins\":32}";
  archive.metadata["note"] = "caf\xc3\xa9";
  return archive;
}

std::string refusal(const Bytes& bytes) {
  return test::refusal([&] { (void)read_archive(bytes.data(), bytes.size()); });
}

/// A safetensors file of any header, without the writer under test.
Bytes raw_file(const std::string& header, std::size_t data_bytes) {
  Bytes out(8 + header.size() + data_bytes);
  for (std::size_t i = 0; i < 8; ++i) {
    out[i] = static_cast<std::uint8_t>(header.size() >> (8 * i));
  }
  std::copy(header.begin(), header.end(), out.begin() + 8);
  return out;
}

std::string header_of(const Bytes& bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  return std::string(bytes.begin() + 8,
                     bytes.begin() + 8 + static_cast<std::ptrdiff_t>(length));
}

TEST(Archive, RoundTripKeepsEveryBit) {
  const Archive in = example();
  const Bytes bytes = write_archive(in);
  const Archive out = read_archive(bytes.data(), bytes.size());
  EXPECT_EQ(out.metadata, in.metadata);
  ASSERT_EQ(out.tensors.size(), in.tensors.size());
  for (const auto& [name, tensor] : in.tensors) {
    EXPECT_EQ(out.tensors.at(name).dtype, tensor.dtype) << name;
    EXPECT_EQ(out.tensors.at(name).shape, tensor.shape) << name;
    EXPECT_EQ(out.tensors.at(name).bytes, tensor.bytes) << name;
  }
  EXPECT_EQ(write_archive(out), bytes);
  EXPECT_EQ(out.floats("weights")[4], 0.1f);
  EXPECT_EQ(out.ints("index")[1], 2147483647);
  EXPECT_EQ(out.longs("keys")[1], 1LL << 60);
  EXPECT_EQ(out.doubles("edges")[0], 0.1);
  EXPECT_EQ(out.bytes("codes")[1], 255);
  EXPECT_TRUE(out.floats("empty").empty());
  EXPECT_EQ(out.doubles("scalar"), (std::vector<double>{0.1}));
}

TEST(Archive, TheFileIsPlainSafetensors) {
  const Bytes bytes = write_archive(example());
  const auto header = nlohmann::json::parse(header_of(bytes));
  const std::size_t start = 8 + header_of(bytes).size();
  EXPECT_EQ(start % 8, 0u);
  std::size_t total = 0;
  for (const auto& item : header.items()) {
    if (item.key() == "__metadata__") continue;
    const auto& entry = item.value();
    const std::size_t begin = entry["data_offsets"][0];
    const std::size_t end = entry["data_offsets"][1];
    const std::string dtype = entry["dtype"];
    const std::size_t bits = std::stoul(dtype.substr(1));
    EXPECT_EQ(begin % (bits / 8), 0u) << item.key();
    total += end - begin;
  }
  EXPECT_EQ(start + total, bytes.size());
  const std::size_t at = header["weights"]["data_offsets"][0];
  float first = 0;
  std::memcpy(&first, bytes.data() + start + at, sizeof(first));
  EXPECT_EQ(first, 1.5f);
  EXPECT_EQ(header["__metadata__"]["format"], "musl");
  EXPECT_EQ(header["__metadata__"]["format_version"],
            std::to_string(kFormatVersion));
}

TEST(Archive, EveryTruncatedLengthIsRefused) {
  const Bytes bytes = write_archive(example());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_NE(refusal(Bytes(bytes.begin(),
                            bytes.begin() + static_cast<std::ptrdiff_t>(n))),
              "")
        << n;
  }
}

TEST(Archive, TrailingBytesAreRefused) {
  Bytes bytes = write_archive(example());
  bytes.push_back(0);
  EXPECT_NE(refusal(bytes), "");
}

TEST(Archive, EachFlippedByteIsRefused) {
  const Bytes bytes = write_archive(example());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {0x01, 0x02, 0x20, 0x29, 0x80, 0xff}) {
      Bytes damaged = bytes;
      damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ flip);
      EXPECT_NE(refusal(damaged), "") << "byte " << i << " ^ " << flip;
    }
  }
}

TEST(Archive, ANewerVersionIsNamed) {
  Bytes bytes = write_archive(example());
  const std::string field =
      "\"format_version\":\"" + std::to_string(kFormatVersion);
  const auto at =
      std::search(bytes.begin(), bytes.end(), field.begin(), field.end());
  ASSERT_NE(at, bytes.end());
  *(at + static_cast<std::ptrdiff_t>(field.size()) - 1) = '9';
  EXPECT_NE(refusal(bytes).find("format version 9, newer"), std::string::npos);
}

TEST(Archive, FilesOfOthersAreNamedAsSuch) {
  const std::string header =
      R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  EXPECT_NE(refusal(raw_file(header, 4)).find("archive of MuSL"),
            std::string::npos);
}

TEST(Archive, HostileHeadersAreRefused) {
  // The checksum is right in none of them; none may crash before it is read.
  for (const char* header :
       {"", "{", "[]", "{}", "null", R"({"__metadata__":{"format":1}})",
        R"({"__metadata__":{"format":"musl"}})",
        R"({"__metadata__":{"format":"musl","format_version":"x"}})",
        R"({"__metadata__":{"format":"musl","format_version":"99999999999"}})",
        R"({"__metadata__":{"format":"musl","format_version":"1"}})",
        R"({"__metadata__":{"format":"musl","format_version":"1",)"
        R"("checksum":""}})"}) {
    EXPECT_NE(refusal(raw_file(header, 0)), "") << header;
  }
  Bytes huge = raw_file("{}", 0);
  std::fill(huge.begin(), huge.begin() + 8, 0xff);
  EXPECT_NE(refusal(huge), "");
}

/// Header with a right checksum (FNV-1a, written out here once more), so that
/// what follows the checksum is reached.
Bytes signed_file(const std::string& tensors, std::size_t data_bytes) {
  const std::string zeros(16, '0');
  std::string header = R"({"__metadata__":{"checksum":")" + zeros +
                       R"(","format":"musl","format_version":"1"})" + tensors +
                       "}";
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : header + std::string(data_bytes, '\0')) {
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211ULL;
  }
  char digits[17];
  std::snprintf(digits, sizeof(digits), "%016llx",
                static_cast<unsigned long long>(hash));
  header.replace(header.find(zeros), 16, digits);
  return raw_file(header, data_bytes);
}

TEST(Archive, OffsetsThatDoNotTileTheDataAreRefused) {
  const auto tensor = [](const char* name, const char* dtype, const char* shape,
                         const char* offsets) {
    return std::string(",\"") + name + "\":{\"dtype\":\"" + dtype +
           "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
  };
  EXPECT_EQ(refusal(signed_file(tensor("a", "F32", "[1]", "[0,4]"), 4)), "");
  const std::vector<std::pair<std::string, std::size_t>> bad = {
      {tensor("a", "F32", "[1]", "[0,4]"), 8},   // data left over
      {tensor("a", "F32", "[1]", "[4,8]"), 8},   // gap at the start
      {tensor("a", "F32", "[1]", "[0,8]"), 8},   // more than its shape
      {tensor("a", "F32", "[2]", "[0,8]"), 4},   // overruns
      {tensor("a", "F32", "[1]", "[4,0]"), 4},   // backwards
      {tensor("a", "F31", "[1]", "[0,4]"), 4},   // unknown type
      {tensor("a", "F32", "[-1]", "[0,4]"), 4},  // negative
      {tensor("a", "F32", "[1.0]", "[0,4]"), 4},
      {tensor("a", "F32", "[4611686018427387905,4]", "[0,16]"), 16},
      {tensor("a", "F32", "[1]", "[0,4,4]"), 4},
      {tensor("a", "F32", "[1]", "[0,4]") + tensor("b", "F32", "[1]", "[0,4]"),
       4},
      {tensor("a", "F32", "[1]", "[0,4]") + tensor("b", "F32", "[1]", "[2,6]"),
       6},
      {tensor("a", "F32", "[1]", "[0,4]") + tensor("b", "F32", "[1]", "[8,12]"),
       12},
      {",\"a\":3", 0},
      {",\"a\":{\"dtype\":\"F32\"}", 0}};
  for (const auto& [tensors, size] : bad) {
    EXPECT_NE(refusal(signed_file(tensors, size)), "") << tensors;
  }
}

TEST(Archive, ReadingAnotherTypeOrNameIsRefused) {
  const Archive archive = example();
  EXPECT_THROW((void)archive.floats("index"), FormatError);
  EXPECT_THROW((void)archive.doubles("weights"), FormatError);
  EXPECT_THROW((void)archive.ints("missing"), FormatError);
  EXPECT_THROW((void)archive.shape("missing"), FormatError);
  EXPECT_TRUE(archive.has("index"));
  EXPECT_FALSE(archive.has("missing"));
}

TEST(Archive, WritingRefusesWhatItCouldNotReadBack) {
  Archive archive;
  archive.metadata["note"] = "\xe9";
  EXPECT_THROW((void)write_archive(archive), InputError);
  const float value = 0;
  EXPECT_THROW(archive.put("negative", {-1}, &value), ShapeError);
}

class WrittenFile : public test::Folder {
 protected:
  [[nodiscard]] std::size_t n_files() const {
    const std::filesystem::directory_iterator files(file(""));
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }
};

TEST_F(WrittenFile, AWrittenFileReadsBackAndLeavesNothingElse) {
  const Bytes bytes = write_archive(example());
  write_file(path("model"), bytes);
  EXPECT_EQ(read_file(path("model")), bytes);
  write_file(path("model"), {1, 2, 3});  // replaces
  EXPECT_EQ(read_file(path("model")), (Bytes{1, 2, 3}));
  write_file(path("empty"), {});
  EXPECT_TRUE(read_file(path("empty")).empty());
  EXPECT_EQ(n_files(), 2u);
}

TEST_F(WrittenFile, AFailedWriteKeepsTheOldFileAndSaysWhy) {
  std::filesystem::create_directory(file("taken"));
  try {
    write_file(path("taken"), {1});
    FAIL() << "a directory was overwritten";
  } catch (const FormatError& e) {
    EXPECT_NE(std::string(e.what()).find("directory"), std::string::npos);
  }
  EXPECT_EQ(n_files(), 1u);
  EXPECT_THROW(write_file(path("absent/model"), {1}), FormatError);
  EXPECT_THROW((void)read_file(path("absent")), FormatError);
  EXPECT_THROW((void)read_file(path("")), FormatError);
}

TEST(Archive, DealsTensorsAndStringsOutByTheirNames) {
  const Archive one = example();
  Archive other;
  const std::vector<std::int32_t> numbers = {3, 1, 2};
  const std::vector<double> wide = {0.5, -1};
  other.put("other/x", {3}, numbers.data());
  other.put("other/wide", {2, 1}, wide.data());
  other.metadata["other/note"] = "of the other";
  Archive both = one;
  both.tensors.insert(other.tensors.begin(), other.tensors.end());
  both.metadata.insert(other.metadata.begin(), other.metadata.end());
  const auto parts = split_archive(both, {"nothing/", "other/"});
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(write_archive(parts[0]), write_archive(one));
  EXPECT_TRUE(parts[1].tensors.empty());
  EXPECT_EQ(write_archive(parts[2]), write_archive(other));
}

TEST(Archive, NamesWithAZeroByteAreRefused) {
  const auto file = signed_file(
      ",\"a\\u0000\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}",
      0);
  EXPECT_NE(refusal(file).find("zero byte"), std::string::npos);
}

TEST(Archive, EmptyTensorsMayHaveAnyExtentUpToTheLargest) {
  for (const std::int64_t extent : {std::int64_t{1}, std::int64_t{1} << 62}) {
    Archive archive;
    archive.put("x", {0, extent}, static_cast<const std::uint8_t*>(nullptr));
    const Bytes bytes = write_archive(archive);
    EXPECT_EQ(read_archive(bytes.data(), bytes.size()).shape("x"),
              (std::vector<std::int64_t>{0, extent}));
  }
}

}  // namespace
}  // namespace musl
