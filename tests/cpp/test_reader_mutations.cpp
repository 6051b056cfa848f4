#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "musl/error.h"
#include "musl/rng.h"
#include "musl/table_start.h"
#include "musl/wide_table.h"
#include "text_fixture.h"

// Files changed at random must be read or refused: nothing else may leave a
// parser. Run with the sanitizers this finds reads out of bounds.
namespace musl {
namespace {

constexpr int kRounds = 1500;

std::string mutate(std::string bytes, Rng* rng) {
  static const std::string kMarks = "\",;\t\n\r#|0\x1f\x8bPK(){}'-eE.";
  const int n = 1 + static_cast<int>(rng->below(6));
  for (int i = 0; i < n && !bytes.empty(); ++i) {
    const auto at = static_cast<std::size_t>(
        rng->below(static_cast<std::uint32_t>(bytes.size())));
    const auto mark = kMarks[static_cast<std::size_t>(
        rng->below(static_cast<std::uint32_t>(kMarks.size())))];
    switch (rng->below(5)) {
      case 0:
        bytes[at] = static_cast<char>(rng->below(256));
        break;
      case 1:
        bytes[at] = mark;
        break;
      case 2:
        bytes.erase(at, 1 + rng->below(9));
        break;
      case 3:
        bytes.insert(at, 1, mark);
        break;
      default:
        bytes.insert(at, bytes.substr(at / 2, 20));
        break;
    }
  }
  return bytes;
}

void survive(const std::vector<std::string>& seeds,
             const std::function<void(const std::string&)>& read) {
  Rng rng(11);
  int refused = 0;
  for (int i = 0; i < kRounds; ++i) {
    const auto& seed = seeds[static_cast<std::size_t>(i) % seeds.size()];
    const std::string bytes = mutate(seed, &rng);
    try {
      read(bytes);
    } catch (const FormatError& error) {
      EXPECT_NE(std::string(error.what()), "");
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
}

TextLimits small_limits() {
  TextLimits limits;
  limits.max_bytes = 1 << 20;
  return limits;
}

std::vector<std::string> packed(const std::string& text) {
  return {text, test::gzipped(text), test::zipped({{"a.csv", text}}),
          std::string("\xff\xfe", 2) + std::string("a\0,\0b\0\n\0", 8)};
}

TEST(Mutations, WideTablesAreReadOrRefused) {
  survive(
      packed("id,\"A, b\",C\nx,1.5,NA\ny,-2e3,4\n"),
      [](const std::string& bytes) {
        const WideTable table("f", bytes, small_limits());
        WideTable::Request request;
        for (std::int64_t r = 0; r < table.n_rows(); ++r) {
          request.rows.push_back(r);
        }
        for (std::size_t c = 1; c < table.names().size(); ++c) {
          request.columns.push_back(static_cast<int>(c));
        }
        (void)table.text({0});
        std::vector<double> out(request.rows.size() * request.columns.size());
        table.numbers(request, out.data(), 1);
      });
}

TEST(Mutations, StartsOfTablesAreReadOrRefused) {
  survive(packed("#a\tb\tc\n1\t\"x\ny\"\t0.5\n2\tz\t7\n"),
          [](const std::string& bytes) {
            TextFile file("f", bytes, small_limits());
            const auto start = read_table_start(file, '"');
            const auto text = file.whole();
            (void)scan_records(text, start, "f");
          });
}

}  // namespace
}  // namespace musl
