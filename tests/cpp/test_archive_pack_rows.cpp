#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "base/rng.h"
#include "base/row_codes.h"
#include "io/archive.h"
#include "io/archive_pack.h"

namespace musl {
namespace {

using Row = std::vector<float>;

Row normal_row(std::uint64_t seed, std::size_t n, double spread) {
  Rng rng(seed);
  Row row(n);
  for (float& x : row) x = static_cast<float>(spread * rng.normal());
  return row;
}

bool same_bits(const Row& x, const Row& y) {
  return x.size() == y.size() &&
         std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) == 0;
}

Row rounded(Row row) {
  round_row(row.data(), row.size());
  return row;
}

/// The row behind its codes, or none.
Row through_codes(const Row& row) {
  std::vector<std::int8_t> codes(row.size());
  Row back(row.size());
  float scale = 0;
  if (!code_row(row.data(), row.size(), codes.data(), &scale)) return {};
  row_of_codes(codes.data(), row.size(), scale, back.data());
  return back;
}

TEST(RowCodes, RoundToTheNearestOf255EquallyFarApart) {
  for (const double spread : {1e-30, 1e-3, 1.0, 1e20}) {
    const Row row = normal_row(3, 500, spread), out = rounded(row);
    float largest = 0;
    for (const float x : row) largest = std::max(largest, std::abs(x));
    const double step = static_cast<double>(largest) / 127;
    for (std::size_t i = 0; i < row.size(); ++i) {
      // The scale itself has 16 bits.
      EXPECT_NEAR(out[i], row[i], step * 0.503) << i;
      const double code = out[i] / step;
      EXPECT_NEAR(code, std::round(code), 0.002) << i;
    }
  }
}

TEST(RowCodes, ComeBackToEveryBitOnceRounded) {
  Rng rng(4);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const double spread = std::pow(10.0, 70 * rng.uniform() - 40);
    const auto n = static_cast<std::size_t>(1 + rng.below(20));
    const Row once = rounded(normal_row(seed, n, spread));
    ASSERT_TRUE(same_bits(through_codes(once), once)) << seed;
    ASSERT_TRUE(same_bits(rounded(once), once)) << seed;
  }
  EXPECT_TRUE(through_codes(normal_row(1, 50, 1)).empty());
  EXPECT_TRUE(same_bits(rounded({-0.0f, 0.0f}), {0.0f, 0.0f}));
  EXPECT_TRUE(through_codes({-0.0f, 0.0f}).empty());
}

TEST(RowCodes, ARowWithoutALargestStaysAsItIs) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Row& row : {Row{1.2f, inf, 3}, Row{1.2f, nan, 3}, Row{nan, 7}}) {
    EXPECT_TRUE(same_bits(rounded(row), row));
    EXPECT_TRUE(through_codes(row).empty());
  }
  EXPECT_TRUE(rounded({}).empty());
}

Archive matrix_of_rounded_rows() {
  Row all;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Row row = rounded(normal_row(i, 60, 1 + double(i % 7)));
    all.insert(all.end(), row.begin(), row.end());
  }
  Archive out;
  out.put("x", {100, 20, 3}, all.data());
  return out;
}

TEST(RowCodes, AnArchiveHoldsRoundedRowsInAByteANumber) {
  const Archive plain = matrix_of_rounded_rows(), small = packed(plain);
  const auto& [name, tensor] = *small.tensors.begin();
  EXPECT_EQ(name, "x|coded|F32|100,20,3,");
  EXPECT_LT(tensor.bytes.size(), 100u * 60u + 400u);
  const Archive back = unpacked(small);
  EXPECT_EQ(back.tensors.at("x").bytes, plain.tensors.at("x").bytes);
  EXPECT_EQ(back.shape("x"), plain.shape("x"));
  for (const char* forged :
       {"x|coded|F32|100,60,1,1", "x|coded|F32|6000,", "x|coded|F16|100,60,",
        "x|coded|F32|100,61,", "x|coded|F32|101,60,", "x|coded|F32|0,60,"}) {
    Archive other;
    other.tensors[forged] = tensor;
    EXPECT_THROW((void)unpacked(other), FormatError) << forged;
  }
}

TEST(RowCodes, AnArchiveKeepsRowsThatAreNotRounded) {
  Archive plain = matrix_of_rounded_rows();
  Row values = plain.floats("x");
  values[777] = std::nextafter(values[777], 1e9f);
  plain.put("x", {100, 20, 3}, values.data());
  EXPECT_TRUE(same_bits(unpacked(packed(plain)).floats("x"), values));
}

TEST(Half, BitsOfKnownValuesAreThoseOfTheStandard) {
  EXPECT_EQ(to_half(0.0f), 0x0000);
  EXPECT_EQ(to_half(-0.0f), 0x8000);
  EXPECT_EQ(to_half(1.0f), 0x3c00);
  EXPECT_EQ(to_half(-2.0f), 0xc000);
  EXPECT_EQ(to_half(1.0f / 3.0f), 0x3555);
  EXPECT_EQ(to_half(65504.0f), 0x7bff);
  EXPECT_EQ(to_half(65519.0f), 0x7bff);
  EXPECT_EQ(to_half(65520.0f), 0x7c00);
  EXPECT_EQ(to_half(0x1p-14f), 0x0400);
  EXPECT_EQ(to_half(0x1p-24f), 0x0001);
  EXPECT_EQ(to_half(0x1p-25f), 0x0000);
  EXPECT_EQ(to_half(std::numeric_limits<float>::infinity()), 0x7c00);
  EXPECT_EQ(to_half(std::numeric_limits<float>::max()), 0x7c00);
  EXPECT_TRUE(std::isnan(from_half(to_half(std::nanf("")))));
}

}  // namespace
}  // namespace musl
