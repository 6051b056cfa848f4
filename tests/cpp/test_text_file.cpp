#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "folder_fixture.h"
#include "io/text_file.h"

namespace musl {
namespace {

struct Read {
  std::vector<double> numbers;
  std::vector<std::string> text;
};

class TextFile : public test::Folder {
 protected:
  /// Columns 0 and 2 as text, 1 as numbers, below one header line.
  std::optional<Read> read(const std::string& text, std::int64_t n_rows,
                           char delimiter = '\t', int threads = 1) {
    const PlainRows rows{write("x", text), 1,  n_rows, 3,
                         delimiter,        -1, {1},    {0, 2}};
    std::vector<double> numbers(n_rows);
    std::vector<std::int32_t> first(n_rows), last(n_rows);
    const auto levels = read_plain_rows(rows, numbers.data(),
                                        {first.data(), last.data()}, threads);
    if (!levels) return std::nullopt;
    Read out{numbers, {}};
    for (std::int64_t i = 0; i < n_rows; ++i) {
      out.text.push_back(levels->at(first[i]) + "|" + levels->at(last[i]));
    }
    return out;
  }
};

TEST_F(TextFile, CountsLinesThatAreNotEmpty) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const auto text = end + "a,b" + end + end + "1,\xc3\xa9" + end + "\"2\",3";
    const auto facts = scan_text(write("x", text), end.back());
    EXPECT_EQ(facts.n_lines, 3);
    EXPECT_EQ(facts.zero_line, 0);
    EXPECT_TRUE(facts.has_quotes);
    EXPECT_FALSE(facts.is_ascii);
  }
  EXPECT_EQ(scan_text(write("x", {'a', '\n', 'b', '\0', '\n'}), '\n').zero_line,
            2);
}

TEST_F(TextFile, ReadsPlainRows) {
  const auto found =
      read("x\ty\tz\r\nb\t-1.5\ta\r\n\r\na \t NA\t\r\nb\t\tb\r\nc\t.5e1\tc", 4);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->numbers, (std::vector<double>{-1.5, -1, -1, 5}));
  EXPECT_EQ(found->text, (std::vector<std::string>{"b|a", "a|", "b|b", "c|c"}));
}

TEST_F(TextFile, RoundsNumbersAsStrtodDoes) {
  std::mt19937_64 random(1);
  std::string text = "x,y,z\n";
  std::vector<double> expected;
  for (int i = 0; i < 20000; ++i) {
    std::string number = std::to_string(random() >> (random() % 64));
    number.insert(random() % (number.size() + 1), ".");
    if (i % 3 == 0) number.insert(0, "-");
    if (i % 5 == 0) number += "e-" + std::to_string(random() % 300);
    expected.push_back(std::strtod(number.c_str(), nullptr));
    text += "a," + number + ",b\n";
  }
  EXPECT_EQ(read(text, 20000, ',')->numbers, expected);
}

TEST_F(TextFile, LeavesOtherTablesToAnotherReader) {
  for (const char* row :
       {"a,1", "a,1,b,c", "a,x,b", "a,0x1,b", "a,inf,b", "a,1e999,b", "a,-,b",
        "a,1.2.3,b", "  ", "a,1,b\rc"}) {
    EXPECT_FALSE(read("x,y,z\n" + std::string(row) + "\n", 1, ',')) << row;
  }
  EXPECT_FALSE(read("x y z\na  1 b\n", 1, ' '));
  EXPECT_FALSE(read("x\ty\tz\n\t\t\n", 1));
  EXPECT_FALSE(read("x,y,z\na,1,b\n", 2, ','));
  EXPECT_FALSE(read("x,y,z\na,1,b\na,1,b\n", 1, ','));
}

TEST_F(TextFile, DoesNotDependOnThreadsOrBlocks) {
  // More than a block of 32 MB, and one line that is longer than that.
  const std::string name(100, 'g'), longest(40 << 20, 'q');
  std::string text = "x,y,z\n";
  std::vector<std::string> expected;
  for (int i = 0; i < 400000; ++i) {
    const std::string a = name + std::to_string(i * 7919LL % 10007);
    const std::string b = std::to_string(i % 17);
    text += a + "," + b + ".25,gene" + b + "\n";
    expected.push_back(a + "|gene" + b);
  }
  text += longest + ",3,r\n";
  expected.push_back(longest + "|r");
  for (const int threads : {1, 4}) {
    const auto found = read(text, 400001, ',', threads);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->text == expected);
    EXPECT_EQ(found->numbers[16], 16.25);
    EXPECT_EQ(found->numbers[400000], 3);
  }
}

}  // namespace
}  // namespace musl
