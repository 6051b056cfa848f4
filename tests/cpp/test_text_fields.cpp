#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "musl/error.h"
#include "musl/rng.h"
#include "musl/text_fields.h"

namespace musl {
namespace {

using Strings = std::vector<std::string>;

Strings records_of(const std::string& text, const Dialect& dialect = {},
                   std::vector<std::int64_t>* lines = nullptr) {
  static const std::string kName = "f";
  Records records(text, dialect, kName);
  std::string_view record;
  Strings out;
  while (records.next(&record)) {
    out.emplace_back(record);
    if (lines != nullptr) lines->push_back(records.line());
  }
  return out;
}

TEST(TextFields, SplitsFieldsAndTakesQuotesOff) {
  const Dialect comma;
  EXPECT_EQ(split_fields("a,,b,", comma), (Strings{"a", "", "b", ""}));
  EXPECT_EQ(split_fields("", comma), (Strings{""}));
  EXPECT_EQ(split_fields(R"("a,b","c ""d""",e)", comma),
            (Strings{"a,b", "c \"d\"", "e"}));
  EXPECT_EQ(split_fields(R"("",x)", comma), (Strings{"", "x"}));
  EXPECT_EQ(split_fields(R"(5" wide,"a"b,c)", comma),
            (Strings{"5\" wide", "ab", "c"}));
  const Dialect plain{'\t', '\0', false};
  EXPECT_EQ(split_fields("\"a\tb\"", plain), (Strings{"\"a", "b\""}));
  const Dialect blanks{' ', '"', true};
  EXPECT_EQ(split_fields("  a   b ", blanks), (Strings{"a", "b"}));
}

TEST(TextFields, RecordsEndWithTheirLineUnlessAQuoteIsOpen) {
  std::vector<std::int64_t> lines;
  const auto records =
      records_of("a,b\r\n\n\"x\ny\",2\n3,5\" \n4,5", {}, &lines);
  EXPECT_EQ(records, (Strings{"a,b", "\"x\ny\",2", "3,5\" ", "4,5"}));
  EXPECT_EQ(lines, (std::vector<std::int64_t>{1, 3, 5, 6}));
}

TEST(TextFields, RefusesAQuoteThatIsNeverClosed) {
  try {
    (void)records_of("a,b\n1,\"2\n3,4\n");
    FAIL();
  } catch (const FormatError& e) {
    EXPECT_NE(std::string(e.what()).find("line 2"), std::string::npos);
  }
}

TEST(TextFields, FindsTheDelimiter) {
  EXPECT_EQ(sniff_dialect("a\tb\n1,5\t2\n").delimiter, '\t');
  EXPECT_EQ(sniff_dialect("a,b\n1,2\n").delimiter, ',');
  EXPECT_EQ(sniff_dialect("a;b\n1,5;2,5\n2,5;3\n3;4\n").delimiter, ';');
  EXPECT_EQ(sniff_dialect("a|b\n1|2\n").delimiter, '|');
  EXPECT_EQ(sniff_dialect("\"a|b\",c\n\"d|e|f\",g\n").delimiter, ',');
  EXPECT_EQ(sniff_dialect("gene\nTP53\n").delimiter, ',');
  // Of two in all lines the one that splits into more fields.
  EXPECT_EQ(sniff_dialect("a,b;c;d\n1,2;3;4\n").delimiter, ';');
  EXPECT_EQ(sniff_dialect("a;b,c,d\n1;2,3,4\n").delimiter, ',');
  // Commas of decimals, unless blanks split the lines unequally.
  EXPECT_EQ(sniff_dialect("a b s\nA B 0,5\nC D 1,5\n").delimiter, ' ');
  EXPECT_EQ(sniff_dialect("a b s\nA B 0,5\nC 0,5\n").delimiter, ',');
  EXPECT_EQ(sniff_dialect("a b,s\nA B,5\nC D,5\n").delimiter, ',');
  // Empty fields are fields, although three lines have one comma each.
  EXPECT_EQ(sniff_dialect("a;b;c\n1,5;;\n2,5;3;\n;;1,5\n").delimiter, ';');
  // A blank behind a title splits nothing.
  EXPECT_EQ(sniff_dialect("scores \nA,1\nB,2\n").delimiter, ',');
  const Dialect blanks = sniff_dialect("p1 p2  s\n1 2 3\n");
  EXPECT_EQ(blanks.delimiter, ' ');
  EXPECT_TRUE(blanks.runs);
}

TEST(TextNumber, AgreesWithStrtodToTheLastBit) {
  Rng rng(3);
  for (int i = 0; i < 200000; ++i) {
    std::string text = rng.uniform() < 0.5 ? "-" : "";
    const int whole = static_cast<int>(rng.below(9));
    const int fraction = static_cast<int>(rng.below(14));
    for (int d = 0; d < whole; ++d) {
      text += static_cast<char>('0' + rng.below(10));
    }
    if (fraction > 0) text += '.';
    for (int d = 0; d < fraction; ++d) {
      text += static_cast<char>('0' + rng.below(10));
    }
    if (whole + fraction == 0) text += '7';
    if (rng.uniform() < 0.3) {
      text += "e" + std::to_string(static_cast<int>(rng.below(40)) - 20);
    }
    double value = 0;
    ASSERT_EQ(parse_number(text, &value), NumberKind::number) << text;
    const double expected = std::strtod(text.c_str(), nullptr);
    ASSERT_EQ(value, expected) << text;
    ASSERT_EQ(std::signbit(value), std::signbit(expected)) << text;
  }
}

TEST(TextNumber, HasNoCharacterBesideDigitsPointSignAndExponent) {
  for (int c = 0; c < 256; ++c) {
    const auto other = static_cast<char>(c);
    if (std::string("0123456789.eE \t\r").find(other) != std::string::npos) {
      continue;
    }
    for (const std::string text :
         {"1" + std::string(1, other), "1" + std::string(1, other) + "30"}) {
      double x = 0;
      EXPECT_EQ(parse_number(text, &x), NumberKind::none) << c;
    }
  }
}

TEST(TextNumber, KnowsMissingInfiniteAndNone) {
  double x = 0;
  for (const char* text : {"", " ", "NA", "na", "NaN", "-nan", "null", "-",
                           "None", "N/A", ".", "#N/A"}) {
    EXPECT_EQ(parse_number(text, &x), NumberKind::missing) << text;
  }
  for (const char* text : {"inf", "-Inf", "+Infinity", "1e400", "-1E999"}) {
    EXPECT_EQ(parse_number(text, &x), NumberKind::infinite) << text;
  }
  for (const char* text : {"a", "1,5", "1.2.3", "1e", "0x10", "--1", "+-1",
                           "1 2", "TRUE", "nan(1)", "e5", "-."}) {
    EXPECT_EQ(parse_number(text, &x), NumberKind::none) << text;
  }
  EXPECT_EQ(parse_number(" +1.5e2\r", &x), NumberKind::number);
  EXPECT_EQ(x, 150);
  EXPECT_EQ(parse_number("1e-400", &x), NumberKind::number);
  EXPECT_EQ(x, 0);
  EXPECT_EQ(parse_number(std::string(100, '9'), &x), NumberKind::number);
  EXPECT_EQ(x, std::strtod(std::string(100, '9').c_str(), nullptr));
  // Too large in spite of a negative exponent, too small in spite of none.
  EXPECT_EQ(parse_number(std::string(400, '9') + "e-20", &x),
            NumberKind::infinite);
  EXPECT_EQ(parse_number("-" + std::string(400, '9') + ".5", &x),
            NumberKind::infinite);
  for (const std::string& text : {"0." + std::string(400, '0') + "1",
                                  "-0." + std::string(400, '0') + "1e+20",
                                  std::string("1e-99999999999999999999"),
                                  std::string("0e99999999999999999999")}) {
    x = 1;
    EXPECT_EQ(parse_number(text, &x), NumberKind::number) << text;
    EXPECT_EQ(x, 0) << text;
  }
}

}  // namespace
}  // namespace musl
