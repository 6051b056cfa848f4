#include <gtest/gtest.h>

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

}  // namespace
}  // namespace musl
