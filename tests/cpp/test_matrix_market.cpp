#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "musl/error.h"
#include "musl/matrix_market.h"
#include "musl/rng.h"
#include "text_fixture.h"

namespace musl {
namespace {

const std::string kBanner =
    "%%MatrixMarket matrix coordinate integer general\n";

SparseCounts read(const std::string& text, std::int64_t rows,
                  std::int64_t columns) {
  TextFile file("m.mtx", text);
  return read_matrix_market(&file, rows, columns);
}

std::string refusal(const std::string& text, std::int64_t rows = 3,
                    std::int64_t columns = 2) {
  try {
    (void)read(text, rows, columns);
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

TEST(MatrixMarket, EntriesInAnyOrderComeByColumn) {
  Rng rng(3);
  const std::int64_t rows = 40, columns = 30;
  std::map<std::pair<int, int>, int> entries;  // (column, row) -> count
  while (entries.size() < 300) {
    entries[{static_cast<int>(rng.below(30)),
             static_cast<int>(rng.below(40))}] =
        1 + static_cast<int>(rng.below(9));
  }
  std::vector<std::string> lines;
  for (const auto& [at, count] : entries) {
    lines.push_back(std::to_string(at.second + 1) + " " +
                    std::to_string(at.first + 1) + "\t" +
                    std::to_string(count));
  }
  for (std::size_t i = lines.size() - 1; i > 0; --i) {
    std::swap(lines[i], lines[rng.below(static_cast<std::uint32_t>(i + 1))]);
  }
  std::string text = kBanner + "% of a test\n\n40 30 300\n";
  for (const auto& line : lines) text += line + "\r\n";
  for (const auto& bytes : {text, test::gzipped(text)}) {
    const SparseCounts out = read(bytes, rows, columns);
    ASSERT_EQ(out.start.size(), 31U);
    std::map<std::pair<int, int>, int> found;
    for (int c = 0; c < columns; ++c) {
      for (int i = out.start[static_cast<std::size_t>(c)];
           i < out.start[static_cast<std::size_t>(c) + 1]; ++i) {
        const auto at = static_cast<std::size_t>(i);
        found[{c, out.row[at]}] = static_cast<int>(out.value[at]);
      }
    }
    EXPECT_EQ(found, entries);
  }
}

// Three blocks of 4 MB at most.
TEST(MatrixMarket, EntriesOfALongFileComeInItsOrder) {
  constexpr std::int64_t kEntries = 800000;
  std::string text = kBanner + "2000000 1 800000\n";
  for (std::int64_t i = 0; i < kEntries; ++i) {
    text +=
        std::to_string(300000 + i) + " 1 " + std::to_string(1 + i % 9) + "\n";
  }
  ASSERT_GT(text.size(), std::size_t{8} << 20);
  const SparseCounts out = read(text, 2000000, 1);
  ASSERT_EQ(out.row.size(), static_cast<std::size_t>(kEntries));
  for (std::int64_t i = 0; i < kEntries; ++i) {
    const auto at = static_cast<std::size_t>(i);
    ASSERT_EQ(out.row[at], 299999 + i);
    ASSERT_EQ(out.value[at], 1 + i % 9);
  }
  text += "1 1 1\n";
  EXPECT_NE(refusal(text, 2000000, 1).find("line 800003: more than the 800000"),
            std::string::npos)
      << refusal(text, 2000000, 1);
}

TEST(MatrixMarket, RealCountsAndAnEmptyMatrixAreRead) {
  const auto real =
      read("%%matrixmarket Matrix Coordinate Real General\n2 1 1\n2 1 2.5e1\n",
           2, 1);
  EXPECT_EQ(real.value, (std::vector<double>{25}));
  EXPECT_EQ(real.row, (std::vector<std::int32_t>{1}));
  const auto none = read(kBanner + "3 2 0\n", 3, 2);
  EXPECT_EQ(none.start, (std::vector<std::int32_t>{0, 0, 0}));
}

TEST(MatrixMarket, WhatIsAnnouncedIsNotBelieved) {
  EXPECT_NE(refusal(kBanner + "3 2000000000 1\n1 1 1\n").find("line 2"),
            std::string::npos);
  EXPECT_NE(refusal(kBanner + "3 2000000000 1\n1 1 1\n").find("3 x 2000000000"),
            std::string::npos);
  // No room is made for entries that do not come.
  EXPECT_NE(refusal(kBanner + "3 2 2000000000\n1 1 1\n").find("1 found"),
            std::string::npos);
  EXPECT_NE(refusal(kBanner + "3 2 4000000000\n1 1 1\n").find("2^31"),
            std::string::npos);
  EXPECT_NE(refusal(kBanner + "3 2 99999999999999999999\n").find("three sizes"),
            std::string::npos);
}

TEST(MatrixMarket, WrongLinesAreNamed) {
  const std::map<std::string, std::string> cases = {
      {"1 1", "line 3"},          {"1 1 1 1", "line 3"},
      {"0 1 1", "outside"},       {"4 1 1", "outside"},
      {"1 3 1", "outside"},       {"1 0 1", "outside"},
      {"1 -1 1", "outside"},      {"-1 1 1", "outside"},
      {"1.5 1 1", "row, column"}, {"1 1 x", "no count"},
      {"1 1 -1", "no count"},     {"1 1 inf", "no count"},
      {"1 1 NA", "no count"},     {"1 1 1e999", "no count"},
      {"1 1 1\n1 2 1", "line 4"}, {"99999999999 1 1", "outside"}};
  for (const auto& [line, expected] : cases) {
    EXPECT_NE(refusal(kBanner + "3 2 1\n" + line + "\n").find(expected),
              std::string::npos)
        << line;
  }
  // Entries may come in any order, so that no line is known here.
  EXPECT_EQ(refusal(kBanner + "3 2 3\n3 1 1\n1 2 1\n3 1 1\n"),
            "File \"m.mtx\": entry 3, 1 is there twice.\nIs it a file of Cell "
            "Ranger?");
  EXPECT_NE(refusal(kBanner), "");
  EXPECT_NE(refusal("%%MatrixMarket matrix array real general\n3 2\n"), "");
  EXPECT_NE(refusal("%%MatrixMarket matrix coordinate real general x\n"), "");
  for (const std::string banner :
       {"%%MatrixMarket matrix coordinate pattern general",
        "%%MatrixMarket matrix coordinate real symmetric",
        "%%MatrixMarket vector coordinate real general",
        "%MatrixMarket matrix coordinate real general"}) {
    EXPECT_NE(refusal(banner + "\n3 2 1\n1 1 1\n").find("does not begin"),
              std::string::npos)
        << banner;
  }
}

}  // namespace
}  // namespace musl
