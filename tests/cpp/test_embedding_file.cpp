#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "musl/embedding_file.h"
#include "musl/error.h"

namespace musl {
namespace {

std::string npy(const std::string& type, const std::string& fortran,
                const std::string& shape, const std::string& data) {
  const std::string header = "{'descr': " + type +
                             ", 'fortran_order': " + fortran +
                             ", 'shape': " + shape + ", }\n";
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 255);
  out += static_cast<char>(header.size() >> 8);
  return out + header + data;
}

EmbeddingTable parse(const std::string& bytes) {
  return parse_npy("f", reinterpret_cast<const std::uint8_t*>(bytes.data()),
                   bytes.size());
}

template <class Number>
std::string bytes_of(const std::vector<Number>& values) {
  std::string out(values.size() * sizeof(Number), '\0');
  std::memcpy(out.data(), values.data(), out.size());
  return out;
}

TEST(Npy, ReadsBothOrders) {
  const std::string data = bytes_of<float>({1, 2, 3, 4, 5, 6});
  const auto c = parse(npy("'<f4'", "False", "(2, 3)", data));
  EXPECT_EQ(c.rows, 2);
  EXPECT_EQ(c.columns, 3);
  EXPECT_EQ(c.values, (std::vector<double>{1, 4, 2, 5, 3, 6}));
  const auto fortran = parse(npy("'<f4'", "True", "(2, 3)", data));
  EXPECT_EQ(fortran.values, (std::vector<double>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, ReadsDoublesAndHalvesAndSingleRows) {
  const auto wide =
      parse(npy("'<f8'", "False", "(2,)", bytes_of<double>({0.1, -3})));
  EXPECT_EQ(wide.rows, 1);
  EXPECT_EQ(wide.values, (std::vector<double>{0.1, -3}));
  const auto half = parse(npy("'<f2'", "False", "(1, 2)",
                              bytes_of<std::uint16_t>({0x3c00, 0xc100})));
  EXPECT_EQ(half.values, (std::vector<double>{1, -2.5}));
  const auto empty = parse(npy("'<f4'", "False", "(0, 5)", ""));
  EXPECT_EQ(empty.rows, 0);
}

TEST(Npy, RefusesWhatIsNotNumbersOfTheAnnouncedSize) {
  const std::string data = bytes_of<float>({1, 2});
  for (const auto& bytes : {
           npy("'|O'", "False", "(2,)", data),
           npy("[('a', '<f4')]", "False", "(2,)", data),
           npy("'<i4'", "False", "(2,)", data),
           npy("'<f4'", "False", "(3,)", data),
           npy("'<f4'", "False", "(1,)", data),
           npy("'<f4'", "False", "()", data),
           npy("'<f4'", "False", "(1, 1, 2)", data),
           npy("'<f4'", "False", "(-2,)", data),
           npy("'<f4'", "False", "(-2, -1)", data),
           npy("'<f4'", "False", "(99999999999999999999,)", ""),
           npy("'<f4'", "False", "(4611686018427387904, 4)", data),
           npy("'<f4'", "False", "(9223372036854775807,)", data),
           npy("'<f4'", "False", "2", data),
           npy("'<f4", "False", "(2,)", data),
           std::string("\x93NUMPY"),
           std::string("\x93NUMPY\x01\x00\xff\xff", 10),
           std::string(),
       }) {
    EXPECT_THROW((void)parse(bytes), FormatError) << bytes;
  }
}

TEST(Npy, SurvivesEveryTruncation) {
  const std::string whole =
      npy("'<f4'", "False", "(1, 2)", bytes_of<float>({1, 2}));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_THROW((void)parse(whole.substr(0, n)), FormatError) << n;
  }
}

/// An array of a version, whose header is filled up to a length.
std::string npy_of(int version, std::size_t length, const std::string& shape,
                   const std::string& data) {
  std::string header =
      "{'shape': " + shape + ", 'fortran_order': False, 'descr': '<f4'}";
  header.resize(std::max(header.size(), length), ' ');
  std::string out("\x93NUMPY", 6);
  out += static_cast<char>(version);
  out += '\0';
  for (int byte = 0; byte < (version == 1 ? 2 : 4); ++byte) {
    out += static_cast<char>(header.size() >> (8 * byte) & 255);
  }
  return out + header + data;
}

std::string refusal(const std::string& bytes) {
  try {
    (void)parse(bytes);
    return "";
  } catch (const FormatError& error) {
    return error.what();
  }
}

TEST(Npy, ReadsVersionsOneToThree) {
  const std::string data = bytes_of<float>({1, 2, 3});
  for (const int version : {1, 2, 3}) {
    const auto found = parse(npy_of(version, 0, "(3, 1)", data));
    EXPECT_EQ(found.rows, 3) << version;
    EXPECT_EQ(found.values, (std::vector<double>{1, 2, 3})) << version;
  }
  for (const int version : {0, 4, 255}) {
    EXPECT_NE(refusal(npy_of(version, 0, "(3, 1)", data))
                  .find("unknown version " + std::to_string(version)),
              std::string::npos);
  }
}

TEST(Npy, ReadsHeadersOfUpTo65536Bytes) {
  const std::string data = bytes_of<float>({1, 2});
  for (const std::size_t length : {300, 65536}) {
    EXPECT_EQ(parse(npy_of(2, length, "(2,)", data)).columns, 2) << length;
  }
  const std::string said = refusal(npy_of(2, 65537, "(2,)", data));
  EXPECT_NE(said.find("a header of 65537 bytes is announced, 65545 bytes "
                      "follow"),
            std::string::npos)
      << said;
}

TEST(Npy, TellsHowManyNumbersAreThere) {
  const std::string said =
      refusal(npy("'<f4'", "False", "(2, 3)", bytes_of<float>({1, 2})));
  EXPECT_NE(said.find("its array must have 6 numbers; 2 are there"),
            std::string::npos)
      << said;
}

TEST(Npy, HasAtMostAsManyRowsAsAMatrixOfR) {
  EXPECT_EQ(parse(npy("'<f4'", "False", "(1, 1)", bytes_of<float>({3}))).values,
            std::vector<double>{3});
  EXPECT_EQ(parse(npy("'<f4'", "False", "(2147483647, 0)", "")).rows,
            2147483647);
  EXPECT_EQ(parse(npy("'<f4'", "False", "(0, 2147483647)", "")).columns,
            2147483647);
  EXPECT_NE(refusal(npy("'<f4'", "False", "(2147483648, 0)", "")), "");
  EXPECT_NE(refusal(npy("'<f4'", "False", "(0, 2147483648)", "")), "");
}

TEST(Npy, TellsThatItHasFieldsWhereItsTypeIsNoWord) {
  const std::string data = bytes_of<float>({1, 2});
  for (const char* type : {"[('a', '<f4')]", "[('<f4', 'a')]", "('<f4', (2,))",
                           "[<f4']", "None"}) {
    EXPECT_NE(refusal(npy(type, "False", "(2,)", data))
                  .find("its array has fields, not numbers alone"),
              std::string::npos)
        << type;
  }
}

TEST(Npy, TellsWhatItsHeaderLacks) {
  for (const char* key : {"descr", "fortran_order", "shape"}) {
    std::string bytes = npy("'<f4'", "False", "(2,)", bytes_of<float>({1, 2}));
    bytes[bytes.find(key)] = 'x';
    EXPECT_NE(refusal(bytes).find("lacks " + std::string(key)),
              std::string::npos);
  }
}

}  // namespace
}  // namespace musl
