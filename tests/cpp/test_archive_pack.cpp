#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "base/rng.h"
#include "base/row_codes.h"
#include "io/archive.h"
#include "io/archive_file.h"
#include "io/archive_pack.h"
#include "io/safetensors.h"

namespace musl {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Tensors of every type, some of which half precision holds.
Archive example() {
  Rng rng(3);
  std::vector<float> halves, floats;
  std::vector<std::int32_t> ascending;
  std::vector<std::uint8_t> levels, noise;
  std::vector<std::int64_t> offsets;
  std::vector<double> doubles;
  for (int i = 0; i < 3000; ++i) {
    floats.push_back(static_cast<float>(rng.normal()));
    halves.push_back(round_to_half(floats.back()));
    ascending.push_back(7 * i);
    offsets.push_back(40 * i);
    doubles.push_back(i % 5);
    levels.push_back(static_cast<std::uint8_t>(i % 3));
    noise.push_back(static_cast<std::uint8_t>(rng.bits() >> 20));
  }
  halves[0] = -0.0f;
  halves[1] = std::numeric_limits<float>::infinity();
  Archive archive;
  archive.put("halves", {30, 100}, halves.data());
  archive.put("floats", {3000}, floats.data());
  archive.put("ascending", {3000}, ascending.data());
  archive.put("offsets", {3000, 1}, offsets.data());
  archive.put("doubles", {3000}, doubles.data());
  archive.put("levels", {1500, 2}, levels.data());
  archive.put("noise", {3000}, noise.data());
  archive.put("few", {3}, levels.data());
  archive.put("empty", {0, 4}, floats.data());
  archive.metadata["note"] = "kept";
  return archive;
}

std::size_t size_of(const Archive& archive) {
  return write_archive(archive).size();
}

TEST(ArchivePack, GivesBackEveryBit) {
  const Archive plain = example();
  const Archive back = unpacked(packed(plain));
  EXPECT_EQ(back.metadata, plain.metadata);
  ASSERT_EQ(back.tensors.size(), plain.tensors.size());
  for (const auto& [name, tensor] : plain.tensors) {
    EXPECT_EQ(back.shape(name), tensor.shape) << name;
    if (name == "halves" || name == "empty") continue;
    EXPECT_EQ(back.tensors.at(name).dtype, tensor.dtype) << name;
    EXPECT_EQ(back.tensors.at(name).bytes, tensor.bytes) << name;
  }
  EXPECT_EQ(back.tensors.at("halves").dtype, "F16");
  const auto x = back.floats("halves"), y = plain.floats("halves");
  EXPECT_EQ(std::memcmp(x.data(), y.data(), x.size() * sizeof(float)), 0);
}

TEST(ArchivePack, TakesLessRoomAndLeavesWhatHardlyShrinks) {
  const Archive plain = example();
  const Archive small = packed(plain);
  EXPECT_LT(size_of(small), size_of(plain) / 2);
  for (const char* name : {"noise", "few", "empty"}) {
    EXPECT_TRUE(small.has(name)) << name;
  }
  EXPECT_FALSE(small.has("levels"));
  EXPECT_EQ(write_archive(packed(plain)), write_archive(small));
  EXPECT_EQ(write_archive(unpacked(plain)), write_archive(plain));
}

Archive one_tensor(const std::string& name, const Bytes& bytes) {
  Archive archive;
  archive.tensors[name] = {
      "U8", {static_cast<std::int64_t>(bytes.size())}, bytes};
  return archive;
}

TEST(ArchivePack, StepsBeyondTheRangeOfTheirTypeComeBack) {
  std::vector<std::int64_t> numbers;
  for (int i = 0; i < 1000; ++i) {
    numbers.push_back(i % 2 == 0 ? std::numeric_limits<std::int64_t>::min() + i
                                 : std::numeric_limits<std::int64_t>::max());
  }
  Archive plain;
  plain.put("x", {1000}, numbers.data());
  EXPECT_EQ(unpacked(packed(plain)).longs("x"), numbers);
}

TEST(ArchivePack, WhatIsPackedStaysAsItIs) {
  const Archive once = packed(example());
  EXPECT_EQ(write_archive(packed(once)), write_archive(once));
}

/// One tensor of each filter.
std::vector<Archive> packed_tensors() {
  Archive rounded;
  std::vector<float> row(200);
  Rng rng(8);
  for (float& x : row) x = static_cast<float>(rng.normal());
  round_row(row.data(), row.size());
  std::vector<float> rows;
  for (int i = 0; i < 20; ++i) rows.insert(rows.end(), row.begin(), row.end());
  rounded.put("x", {20, 200}, rows.data());
  std::vector<std::int64_t> steps;
  for (int i = 0; i < 1000; ++i) steps.push_back(3 * i);
  Archive ascending;
  ascending.put("x", {1000}, steps.data());
  std::vector<std::int32_t> numbers;
  for (int i = 0; i < 2000; ++i) numbers.push_back(1000 * (i % 2) - 7);
  Archive level;
  level.put("x", {2000}, numbers.data());
  return {packed(rounded), packed(ascending), packed(level)};
}

TEST(ArchivePack, ChangedNamesAndBytesAreRefusedOrGiveATensorOfTheirSize) {
  Rng rng(9);
  int refused = 0, read = 0;
  for (const Archive& small : packed_tensors()) {
    ASSERT_EQ(small.tensors.size(), 1u);
    const auto& [name, tensor] = *small.tensors.begin();
    ASSERT_NE(name, "x");
    for (int i = 0; i < 1500; ++i) {
      std::string changed = name;
      Bytes bytes = tensor.bytes;
      auto& at = changed[rng.below(changed.size())];
      if (i % 2 == 0) at = "0123456789,|IFU"[rng.below(15)];
      bytes[rng.below(bytes.size())] ^=
          static_cast<std::uint8_t>(rng.below(256));
      try {
        for (const auto& [plain, out] :
             unpacked(one_tensor(changed, bytes)).tensors) {
          std::size_t n = 1;
          for (const auto extent : out.shape) n *= std::size_t(extent);
          EXPECT_EQ(out.bytes.size() % std::max<std::size_t>(n, 1), 0u);
        }
        ++read;
      } catch (const FormatError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 500);
  EXPECT_GT(read, 10);
}

TEST(ArchivePack, WhatDoesNotUnfoldAsAnnouncedIsRefused) {
  Archive whole;
  const Bytes zeros(100000, 0);
  whole.put("x", {1000, 100}, zeros.data());
  const Archive small = packed(whole);
  ASSERT_EQ(small.tensors.size(), 1u);
  const auto& [name, tensor] = *small.tensors.begin();
  EXPECT_EQ(name, "x|deflate|U8|1000,100,");
  const Bytes& bytes = tensor.bytes;
  EXPECT_EQ(unpacked(one_tensor(name, bytes)).bytes("x"), zeros);
  for (const char* forged :
       {"x|deflate|U8|1000,99,", "x|deflate|U8|1000,101,", "x|deflate|U8|",
        "x|deflate|F31|1000,100,", "x|deflate|F32|1000,100,", "x|deflate|",
        "x|deflate|U8|1000,-100,", "x|deflate|U8|1000,100",
        "x|deflate|U8|,1000,100,", "x|deflate|U8|1e3,100,",
        "x|deflate|U8|100000000000,100,",
        "x|deflate|U8|999999999999999999,999999999999999999,",
        "x|deflate|U8|9999999999999999999,", "x|coded|U8|1000,100,",
        "x|coded|F32|100000,", "x|steps|U8|1000,100,",
        "x|steps|F32|1000,25,"}) {
    EXPECT_THROW((void)unpacked(one_tensor(forged, bytes)), FormatError)
        << forged;
  }
  Bytes cut(bytes.begin(), bytes.end() - 1), longer = bytes;
  longer.push_back(0);
  for (const Bytes& damaged : {cut, longer, Bytes{}, Bytes{1, 2, 3}}) {
    EXPECT_THROW((void)unpacked(one_tensor(name, damaged)), FormatError);
  }
  Archive twice = small;
  twice.put("x", {1}, zeros.data());
  EXPECT_THROW((void)unpacked(twice), FormatError);
  Archive other_type = small;
  other_type.tensors.begin()->second.dtype = "F32";
  EXPECT_THROW((void)unpacked(other_type), FormatError);
}

TEST(ArchiveLayout, CountsElementsWhoseBytesHaveANumber) {
  using archive::element_count;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 16;
  EXPECT_EQ(element_count({}), 1);
  EXPECT_EQ(element_count({3, 0, 5}), 0);
  EXPECT_EQ(element_count({kMost}), kMost);
  EXPECT_EQ(element_count({kMost + 1}), -1);
  EXPECT_EQ(element_count({std::int64_t{1} << 30, std::int64_t{1} << 30}), -1);
  EXPECT_EQ(element_count({3, -1}), -1);
}

}  // namespace
}  // namespace musl
