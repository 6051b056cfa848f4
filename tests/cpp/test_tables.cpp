#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "musl/column_table.h"
#include "musl/edge_table.h"
#include "musl/error.h"
#include "musl/rng.h"
#include "musl/wide_table.h"
#include "text_fixture.h"

namespace musl {
namespace {

using Strings = std::vector<std::string>;

template <class Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const FormatError& e) {
    return e.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<double> all_numbers(const WideTable& table, bool transpose,
                                int threads = 1) {
  WideTable::Request request;
  request.transpose = transpose;
  request.missing = -99;
  for (std::int64_t r = 0; r < table.n_rows(); ++r) request.rows.push_back(r);
  for (std::size_t c = 1; c < table.names().size(); ++c) {
    request.columns.push_back(static_cast<int>(c));
  }
  std::vector<double> out(request.rows.size() * request.columns.size());
  table.numbers(request, out.data(), threads);
  return out;
}

TEST(WideTable, ReadsEitherWayRound) {
  const WideTable table("f", "id,A,B\r\nx,1,NA\r\ny,-3.5,4e2\r\n");
  EXPECT_EQ(table.names(), (Strings{"id", "A", "B"}));
  EXPECT_EQ(table.n_rows(), 2);
  EXPECT_EQ(table.text({0})[0], (Strings{"x", "y"}));
  EXPECT_EQ(all_numbers(table, true), (std::vector<double>{1, -99, -3.5, 400}));
  EXPECT_EQ(all_numbers(table, false),
            (std::vector<double>{1, -3.5, -99, 400}));
}

TEST(WideTable, TakesRowsAndColumnsInTheOrderAsked) {
  const WideTable table("f", "id\tA\tB\tC\na\t1\t2\t3\nb\t4\t5\t6\n");
  std::vector<double> out(2);
  WideTable::Request request;
  request.rows = {1};
  request.columns = {3, 1};
  table.numbers(request, out.data(), 1);
  EXPECT_EQ(out, (std::vector<double>{6, 4}));
}

TEST(WideTable, NumbersDoNotDependOnThreadsOrPacking) {
  Rng rng(1);
  std::string text = "id";
  for (int c = 0; c < 40; ++c) text += ",g" + std::to_string(c);
  std::vector<double> expected;
  for (int r = 0; r < 300; ++r) {
    text += "\nrow" + std::to_string(r);
    for (int c = 0; c < 40; ++c) {
      const std::string number = std::to_string(rng.uniform() * 100 - 50);
      text += "," + number;
      expected.push_back(std::stod(number));
    }
  }
  EXPECT_EQ(all_numbers(WideTable("f", text), true, 1), expected);
  EXPECT_EQ(all_numbers(WideTable("f", text), true, 4), expected);
  EXPECT_EQ(all_numbers(WideTable("f", test::gzipped(text)), true, 2),
            expected);
}

TEST(WideTable, CompletesAHeaderWithoutANameForTheRows) {
  const WideTable table("f", "A,B\nx,1,2\ny,3,4\n");
  EXPECT_EQ(table.names(), (Strings{"", "A", "B"}));
}

TEST(WideTable, NamesLineAndColumnOfWhatIsWrong) {
  const auto read = [](const std::string& text) {
    return refusal([&] { (void)all_numbers(WideTable("f", text), true); });
  };
  EXPECT_TRUE(has(read("id,A\nx,1\ny,oops\n"), "line 3, column 2 (\"A\")"));
  EXPECT_TRUE(has(read("id,A\nx,1e400\n"), "no finite number"));
  EXPECT_TRUE(has(read("id;A\nx;1,5\ny;2,5\n"), "decimal points"));
  for (const char* text : {"id;A\nx;a,b\n", "id;A\nx;1,234,567\n"}) {
    EXPECT_FALSE(has(read(text), "decimal points")) << text;
    EXPECT_TRUE(has(read(text), "line 2, column 2 (\"A\")")) << text;
  }
  EXPECT_TRUE(has(read("id,A,B\nx,1,2\ny,1\n"), "truncated"));
  EXPECT_TRUE(has(read("id,A\nx,1,2\ny,1\n"), "line 2: 3 fields"));
  EXPECT_TRUE(has(read("id,A\n"), "no row"));
  EXPECT_TRUE(has(read("\n\n"), "blank"));
}

ColumnTable columns_of(const std::string& text, const ColumnRequest& request,
                       int threads = 1, std::size_t block = 1 << 20) {
  TextFile file("f", text);
  const auto start = read_table_start(file, '"');
  return read_columns(&file, start, request, threads, {}, block);
}

Strings texts(const TextColumn& column) {
  Strings out;
  for (const auto code : column.code) {
    out.push_back(column.levels[static_cast<std::size_t>(code)]);
  }
  return out;
}

TEST(ColumnTable, ReadsTheColumnsAsked) {
  ColumnRequest request;
  request.text = {2, 0};
  request.number = {1};
  request.missing = -1;
  const auto table = columns_of("a,n,b\nx,1, y \nx,NA,z\n", request);
  EXPECT_EQ(texts(table.text[0]), (Strings{"y", "z"}));
  EXPECT_EQ(texts(table.text[1]), (Strings{"x", "x"}));
  EXPECT_EQ(table.text[1].levels, (Strings{"x"}));
  EXPECT_EQ(table.number[0], (std::vector<double>{1, -1}));
}

TEST(ColumnTable, FindsAHeaderBehindANumberSign) {
  const TextFile file("f", "## note\n#a\tb\n1\t2\n");
  const auto start = read_table_start(file, '\0');
  EXPECT_EQ(start.first, (Strings{"a", "b"}));
  EXPECT_EQ(start.second, (Strings{"1", "2"}));
  ColumnRequest request;
  request.text = {0};
  const auto table = columns_of("## note\n#a\tb\n1\t2\n3\t4\n", request);
  EXPECT_EQ(texts(table.text[0]), (Strings{"1", "3"}));
}

TEST(ColumnTable, AHeaderBehindANumberSignHasNoReturnOfItsLine) {
  for (const std::string rest : {"1\t2\r\n", ""}) {
    const TextFile file("f", "## note\r\n#a\tb\r\n" + rest);
    EXPECT_EQ(read_table_start(file, '\0').first, (Strings{"a", "b"})) << rest;
  }
}

// Of a head of 64 kB, of one of 1 MB and of one of 16 MB.
TEST(ColumnTable, FirstRecordsMayBeLong) {
  for (const std::size_t length : {10, 65530, 70000, 1 << 20, 1100000}) {
    const std::string name(length, 'n');
    for (const std::string text :
         {"a," + name + "\n1,\"2\n3\"\n4,5\n", "a,b\n1," + name + "\n4,5\n"}) {
      for (const auto& bytes : {text, test::gzipped(text)}) {
        const TextFile file("f", bytes);
        const auto start = read_table_start(file, '"');
        ASSERT_EQ(start.first.size(), 2u) << length;
        ASSERT_EQ(start.second.size(), 2u) << length;
        EXPECT_EQ(start.first[1].size(), text[2] == 'n' ? length : 1);
        EXPECT_EQ(start.second[1].size(), text[2] == 'n' ? 3u : length);
      }
    }
  }
}

TEST(ColumnTable, FirstRecordsAreSearchedAsFarAsAsked) {
  const auto told = [](const std::string& text, std::size_t most) {
    const TextFile file("f", text);
    return refusal([&] { (void)read_table_start(file, '"', most); });
  };
  const std::string line = std::string(1100000, 'x') + ",y\n";
  EXPECT_EQ(told(line + "1,2\n", 1 << 16),
            "File \"f\", line 1: its first two rows have more than 1 MB.\n"
            "Is it a table, and is each quote closed?");
  EXPECT_EQ(told(line + "1,2\n", 1 << 20), "");
  // A quote that is never closed is told where the whole file was seen.
  EXPECT_TRUE(has(told("a,b\n1,\"" + line, 1 << 16), "more than 1 MB"));
  EXPECT_TRUE(has(told("a,b\n1,\"" + line, 1 << 20), "line 2"));
}

TEST(ColumnTable, DoesNotDependOnBlocksOrThreads) {
  std::string text = "p1 p2 s\n";
  for (int i = 0; i < 5000; ++i) {
    text += "P" + std::to_string(i % 97) + " P" + std::to_string(i % 89) + " " +
            std::to_string(i) + "\n";
  }
  ColumnRequest request;
  request.text = {0, 1};
  request.number = {2};
  request.shared_levels = true;
  request.keep = [](double* numbers) { return numbers[0] >= 100; };
  const auto one = columns_of(text, request);
  EXPECT_EQ(one.n_rows, 4900);
  EXPECT_EQ(one.n_left_out, 100);
  for (const int threads : {1, 3}) {
    const auto other = columns_of(text, request, threads, 700);
    EXPECT_EQ(other.text[0].levels, one.text[0].levels);
    EXPECT_EQ(other.text[0].code, one.text[0].code);
    EXPECT_EQ(other.text[1].code, one.text[1].code);
    EXPECT_EQ(other.number, one.number);
  }
}

TEST(ColumnTable, CommentsAreLinesWhateverTheirNumberAndQuotes) {
  std::string head = "#x\t\"open\n";
  for (int i = 0; i < 50; ++i) head += "# a note\tto\tskip\n";
  const std::string rows = "\"p\nq\"\t1\n\"r\"\t2\n";
  ColumnRequest request;
  request.text = {0};
  for (const std::string header : {"#a\tb\n", "a\tb\n", "\n\na\tb\n"}) {
    for (const std::size_t block : {40, 1 << 20}) {
      const auto table = columns_of(head + header + rows, request, 1, block);
      EXPECT_EQ(texts(table.text[0]), (Strings{"p\nq", "r"})) << header;
    }
  }
  const auto told = refusal(
      [&] { (void)columns_of(head + "a\tb\n\"p\nq\"\t1\n2\n", request); });
  EXPECT_TRUE(has(told, "line 55: 1 field")) << told;
}

TEST(ColumnTable, NamesLinesThatDoNotFit) {
  ColumnRequest request;
  request.text = {0};
  request.number = {1};
  const auto read = [&](const std::string& text) {
    return refusal([&] { (void)columns_of(text, request); });
  };
  EXPECT_TRUE(has(read("a,b\n1,2\n3\n"), "line 3: 1 field"));
  EXPECT_TRUE(has(read("a,b\n1,2\n1,2,3\n"), "line 3: 3 fields"));
  EXPECT_TRUE(has(read("a,b\n1,x\n"), "line 2, column 2 (\"b\")"));
  EXPECT_TRUE(has(read("a,b\n1,inf\n"), "finite"));
}

TEST(ColumnTable, OfOneColumnOfNumbersHasItsRows) {
  ColumnRequest request;
  request.number = {1};
  const auto table = columns_of("a,n\nx,1\ny,2\nz,3\n", request);
  EXPECT_EQ(table.n_rows, 3);
  EXPECT_EQ(table.number, (std::vector<std::vector<double>>{{1, 2, 3}}));
}

TEST(ColumnTable, ReadsRecordsThatAreLongerThanABlock) {
  ColumnRequest request;
  request.text = {0, 1};
  const std::string text =
      "a,b\n\"a first\nrecord of\nmany lines\",1\n\"x\ny\",2\n";
  for (const std::size_t block : {10, 16, 1000}) {
    const auto table = columns_of(text, request, 1, block);
    EXPECT_EQ(texts(table.text[0]),
              (Strings{"a first\nrecord of\nmany lines", "x\ny"}))
        << block;
    EXPECT_EQ(texts(table.text[1]), (Strings{"1", "2"})) << block;
  }
}

}  // namespace
}  // namespace musl
