#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "folder_fixture.h"
#include "io/regular_file.h"
#include "musl/embedding_file.h"
#include "musl/error.h"
#include "musl/rng.h"
#include "musl/table_start.h"
#include "musl/wide_table.h"
#include "text_fixture.h"

namespace musl {
namespace {

using test::refusal;

using Strings = std::vector<std::string>;

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
  EXPECT_TRUE(has(read("id,A\nx,1,2\ny,1\n"), "line 3: 2 fields"));
  EXPECT_TRUE(has(read("id,A\n"), "no row"));
  EXPECT_TRUE(has(read("\n\n"), "no table"));
}

TEST(TableStart, FindsAHeaderBehindANumberSign) {
  const TextFile file("f", "## note\n#a\tb\n1\t2\n");
  const auto start = read_table_start(file, '\0');
  EXPECT_EQ(start.first, (Strings{"a", "b"}));
  EXPECT_EQ(start.second, (Strings{"1", "2"}));
}

TEST(TableStart, AHeaderBehindANumberSignHasNoReturnOfItsLine) {
  for (const std::string rest : {"1\t2\r\n", ""}) {
    const TextFile file("f", "## note\r\n#a\tb\r\n" + rest);
    EXPECT_EQ(read_table_start(file, '\0').first, (Strings{"a", "b"})) << rest;
  }
}

// Of a head of 64 kB, of one of 1 MB and of one of 16 MB.
TEST(TableStart, FirstRecordsMayBeLong) {
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

TableRecords scanned(const std::string& text) {
  TextFile file("f", text);
  const auto start = read_table_start(file, '"');
  return scan_records(file.whole(), start, "f");
}

std::string fault_of(const std::string& text) {
  return refusal([&] { (void)scanned(text); });
}

TEST(TableStart, CommentsAreNoRecordsWhateverTheirNumberAndQuotes) {
  std::string head = "#x\t\"open\n";
  for (int i = 0; i < 50; ++i) head += "# a note\tto\tskip\n";
  const std::string rows = "\"p\nq\"\t1\n\"r\"\t2\n";
  const auto commented = scanned(head + "#a\tb\n" + rows);
  EXPECT_EQ(commented.n, 2);
  EXPECT_EQ(commented.first_line, 53);
  EXPECT_EQ(commented.second_line, 55);
  EXPECT_TRUE(commented.has_quotes);
  for (const std::string blanks : {"", "\n\n"}) {
    const auto plain = scanned(head + blanks + "a\tb\n" + rows);
    EXPECT_EQ(plain.n, 3);
    EXPECT_EQ(plain.second_line, 53 + static_cast<int>(blanks.size()));
  }
  const auto told = fault_of(head + "a\tb\n\"p\nq\"\t1\n2\n");
  EXPECT_TRUE(has(told, "line 55: 1 field")) << told;
}

TEST(TableStart, NamesLinesThatDoNotFit) {
  EXPECT_TRUE(has(fault_of("a,b\n1,2\n3\n"), "line 3: 1 field"));
  EXPECT_TRUE(has(fault_of("a,b\n1,2\n1,2,3\n"), "line 3: 3 fields"));
  // The header of a table that R wrote with the names of its rows.
  EXPECT_EQ(fault_of("a,b\nx,1,2\ny,3,4\n"), "");
  EXPECT_TRUE(has(fault_of("a,b\nx,1,2\ny,3\n"), "line 3: 2 fields"));
}

TEST(TableStart, BlanksBesideADelimiterOfBlanksAreNoFields) {
  EXPECT_EQ(scanned("a b\n1  2\n 3 4 \n5 6\n").n, 4);
  EXPECT_TRUE(has(fault_of("a b\n1 2\n 3\n"), "line 3: 1 field"));
}

TEST(TableStart, FindsTheLinesOfRecords) {
  const std::string text = "a,b\n\n\"x\ny\",1\n \n2,3\n";
  const TextFile file("f", text);
  const auto start = read_table_start(file, '"');
  const std::vector<std::int64_t> lines = {1, 3, 6};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(record_line(text, start, "f", static_cast<std::int64_t>(i)),
              lines[i]);
  }
  EXPECT_EQ(scanned(text).n, 3);
}

TEST(TableStart, ATextWithAZeroByteIsNone) {
  const std::string text = std::string("a,b\n1,") + '\0' + "\n";
  const std::string told =
      refusal([&] { (void)scan_records(text, TableStart(), "f"); });
  EXPECT_TRUE(has(told, "line 2: it has a zero byte")) << told;
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
    EXPECT_NE(
        refusal([&] { file.read(first, 3, read.data()); }).find("shorter"),
        std::string::npos)
        << first;
  }
  file.check_size();
  std::filesystem::resize_file(this->file("f"), 5);
  EXPECT_NE(refusal([&] { file.check_size(); }).find("shorter"),
            std::string::npos);
}

TEST_F(Files, ATableAnnouncesNoMoreNumbersThanItHasRoomFor) {
  std::string text = "id";
  for (int i = 0; i < 1000; ++i) text += ",A" + std::to_string(i);
  text += "\nx," + std::string(999, ',') + "\ny,1\n";
  EXPECT_NE(
      refusal([&] { const WideTable table(write("f", text)); }).find("line 3"),
      std::string::npos);
}

TEST_F(Files, EmbeddingsWithoutATensorAreRefusedWithoutALine) {
  const std::string header = "{}";
  std::string bytes(1, static_cast<char>(header.size()));
  bytes += std::string(7, '\0') + header;
  const std::string what =
      refusal([&] { (void)read_embedding_tensors(write("f", bytes)); });
  EXPECT_NE(what.find("has no tensor"), std::string::npos) << what;
  EXPECT_EQ(what.find("line"), std::string::npos) << what;
}

}  // namespace
}  // namespace musl
