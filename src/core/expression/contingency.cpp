#include "expression/contingency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace musl {

namespace {

constexpr int kMaxBins = 64;
constexpr std::int64_t kLoggedCounts = 4096;

/// c log c of whole numbers, from a table for small ones.
class CountLogs {
 public:
  CountLogs() : table_(kLoggedCounts) {
    for (std::int64_t c = 0; c < kLoggedCounts; ++c) {
      table_[static_cast<std::size_t>(c)] = direct(c);
    }
  }
  [[nodiscard]] double operator()(std::int64_t c) const {
    return c < kLoggedCounts ? table_[static_cast<std::size_t>(c)] : direct(c);
  }

 private:
  static double direct(std::int64_t c) {
    const auto x = static_cast<double>(c);
    return c > 0 ? x * std::log(x) : 0.0;
  }
  std::vector<double> table_;
};

const CountLogs& count_logs() {
  static const CountLogs logs;
  return logs;
}

double pairs_of(std::int64_t n) {
  return 0.5 * static_cast<double>(n) * static_cast<double>(n - 1);
}

}  // namespace

double count_log(std::int64_t c) { return count_logs()(c); }

TableAssociation associate(const std::uint32_t* counts, int bins,
                           std::int64_t n) {
  TableAssociation result;
  if (n == 0) return result;
  const CountLogs& logs = count_logs();
  std::array<std::int64_t, kMaxBins> column{};  // sums over the rows above
  std::int64_t above = 0;
  std::int64_t concordance = 0;  // concordant less discordant pairs
  double cells = 0, rows = 0, columns = 0;
  double ties_rows = 0, ties_columns = 0;
  for (int i = 0; i < bins; ++i) {
    std::int64_t row = 0, before = 0;
    for (std::size_t j = 0; j < static_cast<std::size_t>(bins); ++j) {
      const auto c = static_cast<std::int64_t>(
          counts[static_cast<std::size_t>(i * bins) + j]);
      // Above and left less above and right.
      concordance += c * (2 * before + column[j] - above);
      before += column[j];
      column[j] += c;
      row += c;
      cells += logs(c);
    }
    above += row;
    rows += logs(row);
    ties_rows += pairs_of(row);
  }
  for (std::size_t j = 0; j < static_cast<std::size_t>(bins); ++j) {
    columns += logs(column[j]);
    ties_columns += pairs_of(column[j]);
  }
  const auto size = static_cast<double>(n);
  const double log_n = std::log(size);
  result.entropy_rows = std::max(0.0, log_n - rows / size);
  result.entropy_columns = std::max(0.0, log_n - columns / size);
  result.mutual_information =
      std::max(0.0, (cells - rows - columns) / size + log_n);
  const double untied =
      (pairs_of(n) - ties_rows) * (pairs_of(n) - ties_columns);
  if (untied > 0) {
    result.kendall = static_cast<double>(concordance) / std::sqrt(untied);
  }
  return result;
}

}  // namespace musl
