#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "io/text_source.h"
#include "musl/error.h"
#include "musl/text_file.h"
#include "text_fixture.h"

namespace musl {
namespace {

using test::gzipped;
using test::little_endian;
using test::zipped;

std::string text_of(const std::string& bytes, const TextLimits& limits = {}) {
  TextFile file("f", bytes, limits);
  return std::string(file.whole());
}

std::string refusal(const std::string& bytes, const TextLimits& limits = {}) {
  try {
    (void)text_of(bytes, limits);
  } catch (const FormatError& e) {
    return e.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(TextFile, GivesTheSameTextHoweverItIsPacked) {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i) + ",x\n";
  EXPECT_EQ(text_of(text), text);
  EXPECT_EQ(text_of(gzipped(text)), text);
  EXPECT_EQ(text_of(gzipped(text) + gzipped("more\n")), text + "more\n");
  EXPECT_EQ(text_of(zipped({{"dir/a.csv", text}})), text);
  EXPECT_EQ(text_of(zipped({{"a.csv", text, /*deflate=*/false}})), text);
  EXPECT_EQ(text_of(zipped({{"dir/", "", false}, {"dir/a.csv", text}})), text);
}

TEST(TextFile, ReadsPieceByPieceWhatItGivesAsAWhole) {
  std::string text;
  for (int i = 0; i < 30000; ++i) text += std::to_string(i * 7) + "\n";
  for (const auto& bytes : {text, gzipped(text)}) {
    TextFile file("f", bytes);
    std::string got, piece(1777, '\0');
    for (;;) {
      const std::size_t n = file.read(piece.data(), piece.size());
      got.append(piece, 0, n);
      if (n < piece.size()) break;
    }
    EXPECT_EQ(got, text);
  }
}

TEST(TextFile, DecodesMarksUtf16AndLoneReturns) {
  EXPECT_EQ(text_of("\xef\xbb\xbf"
                    "a,b\n"),
            "a,b\n");
  const std::string little(
      "\xff\xfe"
      "a\0\xe9\0\n\0",
      8);
  const std::string big(
      "\xfe\xff"
      "\0a\0\xe9\0\n",
      8);
  EXPECT_EQ(text_of(little), "a\xc3\xa9\n");
  EXPECT_EQ(text_of(big), "a\xc3\xa9\n");
  const std::string pair("\xff\xfe\x3d\xd8\x00\xde", 6);  // U+1F600
  EXPECT_EQ(text_of(pair), "\xf0\x9f\x98\x80");
  EXPECT_EQ(text_of("a,b\r1,2\r"), "a,b\n1,2\n");
  EXPECT_EQ(text_of("a,b\r\n1,2\r\n"), "a,b\r\n1,2\r\n");
}

TEST(TextFile, LeavesBothReturnsOfUtf16) {
  const std::string lines(
      "\xff\xfe"
      "a\0\r\0\n\0b\0\r\0\n\0",
      14);
  EXPECT_EQ(text_of(lines), "a\r\nb\r\n");
}

TEST(TextFile, RefusesHalfCharactersOfUtf16) {
  using namespace std::string_literals;
  for (const auto& text : {"\xff\xfe"s + "a\0b"s, "\xff\xfe\x00\xde"s,
                           "\xff\xfe\x3d\xd8"s + "a\0"s}) {
    const std::string said = refusal(text);
    EXPECT_TRUE(has(said, "UTF-16"));
    EXPECT_FALSE(has(said, ", line")) << said;  // lines are not known yet
  }
}

TEST(TextFile, NamesWhatIsNoText) {
  EXPECT_TRUE(has(refusal(""), "empty"));
  EXPECT_TRUE(has(refusal("\n <!DOCTYPE html><html>"), "web page"));
  EXPECT_TRUE(has(refusal("<HTML><head>"), "web page"));
  EXPECT_TRUE(has(refusal("\x89HDF\r\n"), "HDF5"));
  EXPECT_TRUE(has(refusal("PAR1xxxx"), "Parquet"));
  EXPECT_TRUE(has(refusal("version https://git-lfs.github.com"), "git lfs"));
  EXPECT_TRUE(has(refusal(std::string("a,b\nc\0d\n", 8)), "line 2"));
  EXPECT_TRUE(has(refusal(gzipped(gzipped("a\n"))), "compressed twice"));
  EXPECT_TRUE(has(refusal(zipped({{"xl/workbook.xml", "<x>"}})), "xlsx"));
}

TEST(TextFile, RefusesEveryTruncationOfGzipAndZip) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += std::to_string(i * i % 977) + "\n";
  for (const auto& bytes : {gzipped(text), zipped({{"a.csv", text}})}) {
    for (std::size_t n = 4; n < bytes.size(); n += 37) {
      EXPECT_NE(refusal(bytes.substr(0, n)), "") << n;
    }
  }
}

TEST(TextFile, RefusesDamagedCompression) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += std::to_string(i) + "\n";
  for (std::string bytes : {gzipped(text), zipped({{"a.csv", text}})}) {
    bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 85);
    EXPECT_NE(refusal(bytes), "");
  }
  // A block of the fourth type, which there is not, behind ten bytes of header.
  EXPECT_TRUE(has(refusal(gzipped(text).substr(0, 10) + "\x07" + text),
                  "data are damaged"));
  EXPECT_TRUE(has(refusal(gzipped(text) + "tail"), "other data"));
  EXPECT_EQ(text_of(gzipped(text) + std::string(5, '\0')), text);
}

TEST(TextFile, RefusesZipsThatAreNotOnePlainFile) {
  EXPECT_TRUE(has(refusal(zipped({{"a", "1\n"}, {"b", "2\n"}})), "not 2"));
  EXPECT_TRUE(has(refusal(zipped({})), "zip") ||
              has(refusal(zipped({})), "line"));
  EXPECT_TRUE(has(refusal(zipped({{"../a", "1\n"}})), "leads out"));
  EXPECT_TRUE(has(refusal(zipped({{"x/../../a", "1\n"}})), "leads out"));
  EXPECT_TRUE(has(refusal(zipped({{"/etc/a", "1\n"}})), "leads out"));
  EXPECT_TRUE(has(refusal(zipped({{"..\\a", "1\n"}})), "leads out"));
  std::string locked = zipped({{"a", "1\n"}});
  locked[locked.rfind("PK\1\2") + 8] = 1;
  EXPECT_TRUE(has(refusal(locked), "encrypted"));
}

TEST(TextFile, RefusesBombs) {
  TextLimits limits;
  limits.free_bytes = 1 << 20;
  const std::string zeros(8 << 20, '0');
  EXPECT_TRUE(has(refusal(gzipped(zeros), limits), "unfold"));
  EXPECT_TRUE(has(refusal(zipped({{"a", zeros}}), limits), "unfold"));
  EXPECT_EQ(text_of(gzipped(zeros)).size(), zeros.size());
  // Text that deflates as text does may be as long.
  std::string text;
  for (std::uint32_t i = 0; text.size() < (5U << 18); ++i) {
    text += std::to_string(i * 2654435761U) + "\n";
  }
  EXPECT_EQ(text_of(gzipped(text), limits), text);
  limits = {};
  limits.max_bytes = 1 << 20;
  EXPECT_TRUE(has(refusal(gzipped(zeros), limits), "unfold"));
}

// Lines are those of the text, which none of these has come to.
TEST(TextFile, RefusalsOfAPackedFileNameNoLine) {
  TextLimits limits;
  limits.free_bytes = 1 << 20;
  const std::string bomb = gzipped(std::string(8 << 20, '0'));
  const std::string packed = gzipped("a,b\n1,2\n");
  std::string forged = zipped({{"a.csv", "a,b\n1,2\n"}});
  forged[forged.find("PK\1\2") + 16] ^= 1;  // of the checksum
  const std::string again = "Download or copy the file again.";
  const std::string start = "File \"f\": its ";
  const std::string size = std::to_string(bomb.size());
  EXPECT_EQ(
      refusal(bomb, limits)
          .rfind(start + size + " compressed bytes unfold to more than ", 0),
      0u);
  EXPECT_EQ(refusal(packed.substr(0, 10) + "\x07" + packed),
            start + "compressed data are damaged.\n" + again);
  EXPECT_EQ(refusal(packed + "tail"),
            "File \"f\": other data follow its compressed data.\n" + again);
  EXPECT_EQ(refusal(packed.substr(0, packed.size() - 8)),
            "File \"f\": it is truncated: its compressed data end within the "
            "text, after 8 bytes or more.\n" +
                again);
  EXPECT_EQ(
      refusal(forged),
      start + "member does not have the size or checksum announced.\n" + again);
}

TEST(TextFile, NamesAMissingFileAndADirectory) {
  EXPECT_THROW(TextFile("/nowhere/at/all"), FormatError);
  EXPECT_THROW(TextFile("/tmp"), FormatError);
}

TEST(TextFile, ShowsFieldsShortAndPrintable) {
  EXPECT_EQ(show_field("a\tb c"), "\"a?b c\"");
  EXPECT_EQ(show_field("\xe9"), "\"\xc3\xa9\"");
  EXPECT_EQ(show_field(std::string(50, 'x')),
            "\"" + std::string(40, 'x') + "...\"");
  EXPECT_EQ(show_field(std::string(39, 'x') + "\xc3\xa9zz"),
            "\"" + std::string(39, 'x') + "...\"");
}

/// UTF-8 by its definition (RFC 3629).
std::string encoded(std::uint32_t point) {
  const auto tail = [point](int place) {
    return static_cast<char>(0x80 + (point >> (6 * place)) % 64);
  };
  const auto head = [point](std::uint32_t mark, int places) {
    return static_cast<char>(mark + (point >> (6 * places)));
  };
  if (point < 0x80) return {head(0, 0)};
  if (point < 0x800) return {head(0xc0, 1), tail(0)};
  if (point < 0x10000) return {head(0xe0, 2), tail(1), tail(0)};
  return {head(0xf0, 3), tail(2), tail(1), tail(0)};
}

TEST(TextFile, KnowsCharactersOfUtf8AndNoOther) {
  std::vector<std::uint32_t> points = {0xd7ff,  0xe000,  0xffff,  0x10000,
                                       0x3ffff, 0x40000, 0x10ffff};
  for (std::uint32_t point = 0; point < 0x110000;
       point += point < 0x1100 ? 1 : 61) {
    points.push_back(point);
  }
  for (const std::uint32_t point : points) {
    const bool surrogate = point >= 0xd800 && point < 0xe000;
    const std::string text = encoded(point);
    ASSERT_EQ(is_utf8(text), !surrogate) << point;
    if (surrogate) continue;
    std::string ours;
    append_utf8(point, &ours);
    ASSERT_EQ(ours, text);
    if (point >= 0x80) {
      ASSERT_FALSE(is_utf8(text.substr(0, text.size() - 1))) << point;
      ASSERT_FALSE(is_utf8(text.substr(1))) << point;
      ASSERT_FALSE(is_utf8(text.substr(0, text.size() - 1) + "a")) << point;
      ASSERT_FALSE(is_utf8(text.substr(0, text.size() - 1) + "\xc3")) << point;
    }
  }
  // One byte more than it takes, and beyond the last character.
  for (const char* wrong :
       {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\x80", "\xbf"}) {
    EXPECT_FALSE(is_utf8(wrong)) << wrong;
  }
}

TEST(TextFile, ZipMembersMustHaveTheirSizeAndChecksum) {
  const std::string text = "a,b\n1,2\n3,4\n";
  for (const bool deflate : {false, true}) {
    const std::string good = zipped({{"a.csv", text, deflate}});
    const std::size_t directory = good.find("PK\1\2");
    for (const std::size_t field : {16, 24}) {  // checksum, size
      std::string bad = good;
      bad[directory + field] ^= 1;
      EXPECT_TRUE(has(refusal(bad), "size or checksum")) << deflate << field;
    }
    std::string bad = good;
    bad[good.find("a.csv") + 7] ^= 1;  // a byte of the content
    EXPECT_NE(refusal(bad), "") << deflate;
  }
}

TEST(TextFile, ZipsWhoseHeadersAreDamagedAreRefused) {
  const std::string good =
      zipped({{"dir/", "", false}, {"a.csv", "a,b\n1,2\n", false}});
  const std::size_t directory = good.rfind("PK\1\2");
  for (const std::size_t at : {good.rfind("PK\3\4"), directory}) {
    std::string bad = good;
    bad[at + 2] ^= 1;  // of a signature
    EXPECT_TRUE(has(refusal(bad), "damaged")) << at;
  }
  // The member's header would begin so near the end that it is cut off.
  std::string late = good;
  const auto where = little_endian(static_cast<std::uint32_t>(good.size()), 4);
  late.replace(directory + 42, 4, where);
  EXPECT_TRUE(has(refusal(late), "damaged"));
}

// Of the name, what is beside it and the comment; the end record follows.
TEST(TextFile, ZipEntriesThatReachBeyondTheirDirectoryAreRefused) {
  const std::string good = zipped({{"a.csv", "a,b\n1,2\n"}});
  for (const std::size_t length : {28, 30, 32}) {
    std::string bad = good;
    ++bad[good.rfind("PK\1\2") + length];
    EXPECT_TRUE(has(refusal(bad), "directory of its zip archive is damaged"))
        << length;
  }
}

TEST(TextFile, ZipMembersWithoutANameArePassedOver) {
  const std::string text = "a,b\n1,2\n";
  EXPECT_EQ(text_of(zipped({{"a.csv", text}, {"", "", false}})), text);
}

}  // namespace
}  // namespace musl
