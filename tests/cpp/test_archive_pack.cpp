#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "io/archive_layout.h"
#include "musl/archive.h"
#include "musl/error.h"
#include "musl/half.h"
#include "musl/rng.h"
#include "musl/row_codes.h"

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

std::string stored_name(const Archive& archive, const std::string& name) {
  for (const auto& item : archive.tensors) {
    if (item.first.rfind(name, 0) == 0) return item.first;
  }
  return "";
}

/// The bytes behind a packed tensor, inflated by zlib alone.
Bytes inflate(const Bytes& bytes, std::size_t size) {
  Bytes out(size);
  z_stream stream{};
  EXPECT_EQ(::inflateInit2(&stream, -15), Z_OK);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(size);
  EXPECT_EQ(::inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_out, 0u);
  ::inflateEnd(&stream);
  return out;
}

Archive one_tensor(const std::string& name, const Bytes& bytes) {
  Archive archive;
  archive.tensors[name] = {
      "U8", {static_cast<std::int64_t>(bytes.size())}, bytes};
  return archive;
}

Bytes deflate(const Bytes& bytes) {
  z_stream stream{};
  EXPECT_EQ(::deflateInit2(&stream, 1, Z_DEFLATED, -15, 9, Z_RLE), Z_OK);
  Bytes out(::deflateBound(&stream, static_cast<uLong>(bytes.size())));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  ::deflateEnd(&stream);
  return out;
}

TEST(ArchivePack, AscendingNumbersAreStoredByTheirDifferences) {
  std::vector<std::int32_t> numbers;
  Rng rng(5);
  for (int i = 0; i < 2000; ++i) {
    numbers.push_back(1000 * i + static_cast<int>(rng.below(50)));
  }
  numbers[1500] = -7;  // the next row begins
  Archive plain;
  plain.put("x", {2000}, numbers.data());
  const Archive small = packed(plain);
  const std::string name = stored_name(small, "x");
  EXPECT_EQ(name, "x|differences|I32|2000,");
  EXPECT_EQ(unpacked(small).ints("x"), numbers);
  const Bytes bytes = inflate(small.tensors.at(name).bytes, 8000);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::uint32_t before = i == 0 ? 0U : unsigned(numbers[i - 1]);
    const std::uint32_t step = unsigned(numbers[i]) - before;
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_EQ(bytes[k * 2000 + i], step >> (8 * k) & 255U) << i;
    }
  }
}

TEST(ArchivePack, ColumnsThatDifferAreStoredByColumns) {
  constexpr std::int64_t kRows = 4000, kCols = 10;
  Bytes values;
  Rng rng(6);
  for (std::int64_t i = 0; i < kRows * kCols; ++i) {
    const auto spread = static_cast<std::uint64_t>(2 + 20 * (i % kCols));
    values.push_back(static_cast<std::uint8_t>(rng.below(spread)));
  }
  Archive plain;
  plain.put("x", {kRows, kCols}, values.data());
  const Archive small = packed(plain);
  const std::string name = stored_name(small, "x");
  EXPECT_EQ(name, "x|columns|U8|4000,10,");
  EXPECT_EQ(unpacked(small).bytes("x"), values);
  const Bytes bytes = inflate(small.tensors.at(name).bytes, values.size());
  for (std::int64_t i = 0; i < kRows; ++i) {
    for (std::int64_t j = 0; j < kCols; ++j) {
      ASSERT_EQ(bytes[static_cast<std::size_t>(j * kRows + i)],
                values[static_cast<std::size_t>(i * kCols + j)]);
    }
  }
}

/// Rows about a level each, in no order.
Archive rows_about_levels() {
  constexpr std::int64_t kRows = 3000, kCols = 100;
  Bytes values;
  Rng rng(7);
  for (std::int64_t i = 0; i < kRows; ++i) {
    const auto level = rng.below(240);
    for (std::int64_t j = 0; j < kCols; ++j) {
      values.push_back(static_cast<std::uint8_t>(level + rng.below(8)));
    }
  }
  Archive out;
  out.put("x", {kRows, kCols}, values.data());
  return out;
}

TEST(ArchivePack, RowsThatDifferAreStoredByTheirSums) {
  const Archive plain = rows_about_levels(), small = packed(plain);
  const std::string name = stored_name(small, "x");
  EXPECT_EQ(name, "x|sorted|U8|3000,100,");
  EXPECT_EQ(unpacked(small).bytes("x"), plain.bytes("x"));
  EXPECT_LT(small.tensors.at(name).bytes.size(), 200000u);
  const Bytes bytes =
      inflate(small.tensors.at(name).bytes, 3000 * 4 + 3000 * 100);
  int before = 0;
  for (std::size_t i = 0; i < 3000; ++i) {
    const auto row = bytes.begin() + static_cast<long>(12000 + 100 * i);
    const int sum = std::accumulate(row, row + 100, 0);
    ASSERT_GE(sum, before) << i;
    before = sum;
  }
}

/// Columns about a level each; two of three rows, in no order, are empty.
Archive rows_half_empty() {
  constexpr std::int64_t kRows = 4003, kCols = 12;
  Bytes values;
  Rng rng(10);
  for (std::int64_t i = 0; i < kRows; ++i) {
    const bool empty = rng.below(3) > 0;
    for (std::int64_t j = 0; j < kCols; ++j) {
      const auto level = static_cast<std::uint8_t>(20 * j + 1);
      const auto spread = static_cast<std::uint64_t>(1 + 4 * (j % 4));
      const auto above = static_cast<std::uint8_t>(rng.below(spread));
      values.push_back(empty ? 0 : static_cast<std::uint8_t>(level + above));
    }
  }
  Archive out;
  out.put("x", {kRows, kCols}, values.data());
  return out;
}

TEST(ArchivePack, EmptyRowsAreLeftOutOfColumns) {
  const Archive plain = rows_half_empty(), small = packed(plain);
  const std::string name = stored_name(small, "x");
  EXPECT_EQ(name, "x|filled|U8|4003,12,");
  const Bytes values = plain.bytes("x");
  EXPECT_EQ(unpacked(small).bytes("x"), values);
  const Bytes bytes = inflate(small.tensors.at(name).bytes, 501 + 4003 * 12);
  std::vector<std::size_t> filled;
  for (std::size_t i = 0; i < 4003; ++i) {
    const bool is_there = values[12 * i] != 0;
    EXPECT_EQ((bytes[i / 8] >> (i % 8) & 1) != 0, is_there) << i;
    if (is_there) filled.push_back(i);
  }
  for (std::size_t j = 0; j < 12; ++j) {
    for (std::size_t k = 0; k < 4003; ++k) {
      const int expected = k < filled.size() ? values[12 * filled[k] + j] : 0;
      ASSERT_EQ(bytes[501 + j * 4003 + k], expected) << j << " " << k;
    }
  }
}

TEST(ArchivePack, ColumnsHaveCodesOfTheirOwn) {
  // A quarter of the columns needs no bit a number, one 2, one 3 and one 3.7.
  const Archive small = packed(rows_half_empty());
  const double rows = 4003 / 3.0;
  const double least = rows * 3 * (std::log2(5) + std::log2(9) + std::log2(13));
  const auto size = small.tensors.begin()->second.bytes.size();
  EXPECT_LT(static_cast<double>(size), 1.15 * (least / 8 + 501));
}

/// Numbers with three digits.
Archive few_numbers(std::int64_t n = 20000) {
  std::vector<float> values;
  Rng rng(11);
  for (std::int64_t i = 0; i < n; ++i) {
    values.push_back(static_cast<float>(rng.below(1000)) / 1000);
  }
  Archive out;
  out.put("x", {n}, values.data());
  return out;
}

TEST(ArchivePack, FewNumbersAreStoredAsPlacesInAList) {
  constexpr std::size_t kCount = 20000;
  const Archive plain = few_numbers(), small = packed(plain);
  const std::string name = stored_name(small, "x");
  EXPECT_EQ(name, "x|listed|F32|20000,");
  const auto values = plain.floats("x");
  EXPECT_EQ(unpacked(small).tensors.at("x").bytes, plain.tensors.at("x").bytes);
  const Bytes bytes = inflate(small.tensors.at(name).bytes, 6 * kCount);
  std::vector<float> list;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    for (std::size_t k = 0; k < 4; ++k) {
      bits += std::uint32_t{bytes[k * kCount + i]} << (8 * k);
    }
    list.emplace_back();
    std::memcpy(&list.back(), &bits, sizeof(bits));
  }
  EXPECT_TRUE(std::is_sorted(list.begin(), list.end()));
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::size_t place =
        bytes[4 * kCount + i] + 256U * bytes[5 * kCount + i];
    ASSERT_EQ(list[place], values[i]) << i;
  }
}

TEST(ArchivePack, ListsHoldAtMostAsManyNumbersAsTwoBytesCount) {
  Rng rng(13);
  std::vector<std::int64_t> list;
  for (int i = 0; i < 65537; ++i) {
    list.push_back(static_cast<std::int64_t>(rng.bits()));
  }
  for (const std::size_t distinct : {65536, 65537}) {
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < 300000; ++i) {
      values.push_back(list[i < distinct ? i : rng.below(distinct)]);
    }
    Archive plain;
    plain.put("x", {300000}, values.data());
    const Archive small = packed(plain);
    EXPECT_EQ(unpacked(small).longs("x"), values);
    EXPECT_EQ(small.has("x|listed|I64|300000,"), distinct == 65536);
  }
}

TEST(ArchivePack, PlacesBeyondTheListAreRefused) {
  const Archive plain = few_numbers(6000), small = packed(plain);
  const std::string name = stored_name(small, "x");
  Bytes bytes = inflate(small.tensors.at(name).bytes, 36000);
  EXPECT_EQ(unpacked(one_tensor(name, deflate(bytes))).tensors.at("x").bytes,
            plain.tensors.at("x").bytes);
  bytes[35999] = 24;  // place 6144 or above
  EXPECT_THROW((void)unpacked(one_tensor(name, deflate(bytes))), FormatError);
  for (const char* forged :
       {"x|listed|F16|18000,", "x|listed|U8|36000,", "x|listed|F32|6001,",
        "x|filled|F32|6000,", "x|filled|U8|36000,", "x|filled|U8|36000,0,"}) {
    EXPECT_THROW((void)unpacked(one_tensor(forged, deflate(bytes))),
                 FormatError)
        << forged;
  }
}

TEST(ArchivePack, LongRepeatsAreStoredOnce) {
  std::vector<std::int64_t> keys;
  Rng rng(12);
  std::vector<std::int64_t> steps;
  for (int i = 0; i < 1000; ++i) {
    steps.push_back(1 + static_cast<std::int64_t>(rng.below(250)));
  }
  std::int64_t key = 0;
  for (int i = 0; i < 50000; ++i) {
    keys.push_back(key += steps[static_cast<std::size_t>(i % 1000)]);
  }
  Archive plain;
  plain.put("x", {50000}, keys.data());
  const Archive small = packed(plain);
  EXPECT_EQ(unpacked(small).longs("x"), keys);
  // Each of 50 repeats has 1000 bytes, and a few hundred if stored by matches.
  EXPECT_LT(small.tensors.begin()->second.bytes.size(), 5000u);
}

// The search takes four times as long, and what is kept in rows of bytes has no
// long repeats: these have some, which only a plain list of bytes is searched
// for.
TEST(ArchivePack, RowsOfBytesAreNotSearchedForLongRepeats) {
  Rng rng(14);
  Bytes once, bytes;
  for (int i = 0; i < 1037; ++i) {
    once.push_back(static_cast<std::uint8_t>(rng.below(100)));
  }
  for (std::size_t i = 0; i < 50000; ++i) bytes.push_back(once[i % 1037]);
  Archive list, rows;
  list.put("x", {50000}, bytes.data());
  rows.put("x", {500, 100}, bytes.data());
  const auto packed_size = [](const Archive& plain) {
    const Archive small = packed(plain);
    EXPECT_EQ(unpacked(small).tensors.at("x").bytes,
              plain.tensors.at("x").bytes);
    return static_cast<double>(small.tensors.begin()->second.bytes.size());
  };
  EXPECT_LT(packed_size(list), 5000);
  EXPECT_GT(packed_size(rows), 0.95 * 50000 * std::log2(100) / 8);
}

TEST(ArchivePack, WhatIsPackedStaysAsItIs) {
  const Archive once = packed(example());
  EXPECT_EQ(write_archive(packed(once)), write_archive(once));
}

TEST(ArchivePack, RowsWithoutAPlaceAreRefused) {
  const Archive small = packed(rows_about_levels());
  const std::string name = stored_name(small, "x");
  const Bytes good = inflate(small.tensors.at(name).bytes, 312000);
  EXPECT_EQ(unpacked(one_tensor(name, deflate(good))).bytes("x"),
            rows_about_levels().bytes("x"));
  Bytes twice = good, beyond = good;
  twice[0] = twice[1];  // the lowest byte of the order's first two
  twice[3000] = twice[3001];
  beyond[9000] = 1;  // the highest byte of the first
  for (const Bytes& bad : {twice, beyond}) {
    EXPECT_THROW((void)unpacked(one_tensor(name, deflate(bad))), FormatError);
  }
  for (const char* forged :
       {"x|sorted|U8|3000,101,", "x|sorted|U8|300000,", "x|sorted|I32|750,100,",
        "x|columns|U8|312000,", "x|differences|U8|312000,",
        "x|differences|F16|156000,", "x|sorted|U8|0,100,", "x|columns|U8|5,0,",
        "x|sorted|U8|4294967296,1,"}) {
    EXPECT_THROW((void)unpacked(one_tensor(forged, deflate(good))), FormatError)
        << forged;
  }
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
  return {packed(rows_about_levels()), packed(rounded), packed(ascending),
          packed(rows_half_empty()), packed(few_numbers())};
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
  EXPECT_GT(refused, 1000);
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
        "x|deflate|U8|9999999999999999999,"}) {
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
