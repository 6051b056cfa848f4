#include "expression/contingency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace musl {

namespace {

constexpr std::size_t kMostBins = 64;
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

using Counts = std::array<std::int64_t, kMostBins>;
using Numbers = std::array<double, kMostBins>;

/// One side of a table: its margin, and for each of its bins the sum of the
/// other side's bin over the samples.
struct Side {
  Counts margin{}, other{};
};

struct Sides {
  Side rows, columns;
};

Sides sides_of(const std::uint32_t* counts, std::size_t bins) {
  Sides out;
  for (std::size_t i = 0; i < bins; ++i) {
    const auto row = static_cast<std::int64_t>(i);
    for (std::size_t j = 0; j < bins; ++j) {
      const auto c = static_cast<std::int64_t>(counts[i * bins + j]);
      out.rows.margin[i] += c;
      out.rows.other[i] += c * static_cast<std::int64_t>(j);
      out.columns.margin[j] += c;
      out.columns.other[j] += c * row;
    }
  }
  return out;
}

void diverge(const Counts& p, const Counts& q, std::size_t bins, std::int64_t n,
             TableComparison* out) {
  const auto size = static_cast<double>(n);
  const double total = size + 0.5 * static_cast<double>(bins);
  double mixed = 0, apart = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    const auto x = static_cast<double>(p[i]), y = static_cast<double>(q[i]);
    const double log_ratio = std::log((x + 0.5) / (y + 0.5));
    out->kl_rows += (x + 0.5) / total * log_ratio;
    out->kl_columns -= (y + 0.5) / total * log_ratio;
    // The entropy of the mixture less the mean entropy of the margins.
    mixed += (count_log(p[i]) + count_log(q[i]) - count_log(p[i] + q[i])) / 2;
    const double roots = std::sqrt(x) - std::sqrt(y);
    apart += roots * roots;
    out->total_variation += std::abs(x - y) / (2 * size);
  }
  // Negative values are rounding errors.
  out->kl_rows = std::max(0.0, out->kl_rows);
  out->kl_columns = std::max(0.0, out->kl_columns);
  out->jensen_shannon = std::max(0.0, mixed / size + std::log(2.0));
  out->hellinger = std::sqrt(apart / (2 * size));
}

void cumulate(const Counts& p, const Counts& q, std::size_t bins,
              std::int64_t n, TableComparison* out) {
  std::int64_t difference = 0, largest = 0, sum = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    difference += p[i] - q[i];
    largest = std::max(largest, std::abs(difference));
    sum += std::abs(difference);
  }
  const auto size = static_cast<double>(n);
  out->kolmogorov = static_cast<double>(largest) / size;
  out->wasserstein =
      static_cast<double>(sum) / (size * static_cast<double>(bins));
}

double cramer_v(const std::uint32_t* counts, const Sides& sides,
                std::size_t bins, std::int64_t n) {
  Numbers share{}, across{};
  for (std::size_t j = 0; j < bins; ++j) {
    share[j] =
        static_cast<double>(sides.columns.margin[j]) / static_cast<double>(n);
  }
  std::int64_t n_rows = 0, n_columns = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    const auto row = static_cast<double>(sides.rows.margin[i]);
    if (row <= 0) continue;
    ++n_rows;
    for (std::size_t j = 0; j < bins; ++j) {
      const double beyond =
          static_cast<double>(counts[i * bins + j]) - row * share[j];
      across[j] += beyond * beyond / row;
    }
  }
  double square = 0;
  for (std::size_t j = 0; j < bins; ++j) {
    if (sides.columns.margin[j] == 0) continue;
    ++n_columns;
    square += across[j] / static_cast<double>(sides.columns.margin[j]);
  }
  const std::int64_t freedom = std::min(n_rows, n_columns) - 1;
  return freedom > 0
             ? std::sqrt(std::min(1.0, square / static_cast<double>(freedom)))
             : 0.0;
}

/// Share of the variance of `told`'s bin that the bin of `by` explains,
/// computed in integers as far as possible.
double correlation_ratio(const Side& told, const Side& by, std::size_t bins,
                         std::int64_t n) {
  std::int64_t sum = 0, squares = 0;
  for (std::size_t j = 0; j < bins; ++j) {
    const auto bin = static_cast<std::int64_t>(j);
    sum += bin * told.margin[j];
    squares += bin * bin * told.margin[j];
  }
  const auto variance = static_cast<double>(n * squares - sum * sum);
  if (variance <= 0) return 0;
  double between = 0;
  for (std::size_t i = 0; i < bins; ++i) {
    if (by.margin[i] == 0) continue;
    const auto beyond =
        static_cast<double>(n * by.other[i] - by.margin[i] * sum);
    between += beyond * beyond / static_cast<double>(by.margin[i]);
  }
  return std::min(1.0, between / (static_cast<double>(n) * variance));
}

}  // namespace

double count_log(std::int64_t c) { return count_logs()(c); }

TableAssociation associate(const std::uint32_t* counts, int bins,
                           std::int64_t n) {
  TableAssociation result;
  if (n == 0) return result;
  const CountLogs& logs = count_logs();
  std::array<std::int64_t, kMostBins> column{};  // sums over the rows above
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

TableComparison compare_margins(const std::uint32_t* counts, int bins,
                                std::int64_t n) {
  const auto size = static_cast<std::size_t>(bins);
  const Sides sides = sides_of(counts, size);
  TableComparison out;
  diverge(sides.rows.margin, sides.columns.margin, size, n, &out);
  cumulate(sides.rows.margin, sides.columns.margin, size, n, &out);
  out.cramer_v = cramer_v(counts, sides, size, n);
  out.ratio_rows = correlation_ratio(sides.rows, sides.columns, size, n);
  out.ratio_columns = correlation_ratio(sides.columns, sides.rows, size, n);
  return out;
}

}  // namespace musl
