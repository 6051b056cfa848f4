#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "expression/contingency.h"
#include "musl/rng.h"

namespace musl {
namespace {

/// A table cell by cell, one sample a count.
struct Samples {
  std::vector<int> row, column;
};

using Table = std::vector<std::uint32_t>;

Samples samples_of(const Table& counts, int bins) {
  Samples out;
  for (int cell = 0; cell < bins * bins; ++cell) {
    const auto c = counts[static_cast<std::size_t>(cell)];
    out.row.insert(out.row.end(), c, cell / bins);
    out.column.insert(out.column.end(), c, cell % bins);
  }
  return out;
}

std::vector<double> shares(const std::vector<int>& of, int bins, double added) {
  std::vector<double> out(static_cast<std::size_t>(bins), added);
  for (const int bin : of) ++out[static_cast<std::size_t>(bin)];
  for (double& x : out) x /= static_cast<double>(of.size()) + added * bins;
  return out;
}

double divergence(const std::vector<double>& p, const std::vector<double>& q) {
  double out = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] > 0) out += p[i] * std::log(p[i] / q[i]);
  }
  return out;
}

double mean(const std::vector<int>& x) {
  double sum = 0;
  for (const int value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

/// Sum of squares between the groups, by that of all: the textbook's way.
double slow_ratio(const std::vector<int>& told, const std::vector<int>& by) {
  std::map<int, std::vector<int>> groups;
  for (std::size_t i = 0; i < told.size(); ++i)
    groups[by[i]].push_back(told[i]);
  const double middle = mean(told);
  double all = 0, between = 0;
  for (const int x : told) all += (x - middle) * (x - middle);
  for (const auto& [bin, group] : groups) {
    const double beyond = mean(group) - middle;
    between += static_cast<double>(group.size()) * beyond * beyond;
  }
  return all > 0 ? between / all : 0;
}

/// The root of Pearson's chi-square by its largest value.
double slow_cramer(const Samples& samples) {
  std::map<int, double> rows, columns;
  std::map<std::pair<int, int>, double> cells;
  const auto n = static_cast<double>(samples.row.size());
  for (std::size_t i = 0; i < samples.row.size(); ++i) {
    ++rows[samples.row[i]];
    ++columns[samples.column[i]];
    ++cells[{samples.row[i], samples.column[i]}];
  }
  double square = 0;
  for (const auto& [i, row] : rows) {
    for (const auto& [j, column] : columns) {
      const double expected = row * column / n;
      const double beyond = cells[{i, j}] - expected;
      square += beyond * beyond / expected;
    }
  }
  const auto least = std::min(rows.size(), columns.size());
  return least < 2 ? 0
                   : std::sqrt(square / (n * static_cast<double>(least - 1)));
}

void expect_divergences(const TableComparison& got, const Samples& samples,
                        int bins) {
  const auto p = shares(samples.row, bins, 0.5);
  const auto q = shares(samples.column, bins, 0.5);
  EXPECT_NEAR(got.kl_rows, divergence(p, q), 1e-12);
  EXPECT_NEAR(got.kl_columns, divergence(q, p), 1e-12);
}

void expect_distances(const TableComparison& got, const Samples& samples,
                      int bins) {
  const auto p = shares(samples.row, bins, 0);
  const auto q = shares(samples.column, bins, 0);
  auto middle = p;
  double apart = 0, absolute = 0, ahead = 0, most = 0, sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    middle[i] = (p[i] + q[i]) / 2;
    apart += std::pow(std::sqrt(p[i]) - std::sqrt(q[i]), 2);
    absolute += std::abs(p[i] - q[i]);
    ahead += p[i] - q[i];
    most = std::max(most, std::abs(ahead));
    sum += std::abs(ahead);
  }
  const double shannon = (divergence(p, middle) + divergence(q, middle)) / 2;
  EXPECT_NEAR(got.jensen_shannon, shannon, 1e-12);
  EXPECT_NEAR(got.hellinger, std::sqrt(apart / 2), 1e-12);
  EXPECT_NEAR(got.total_variation, absolute / 2, 1e-12);
  EXPECT_NEAR(got.kolmogorov, most, 1e-12);
  EXPECT_NEAR(got.wasserstein, sum / bins, 1e-12);
}

void expect_as_defined(const Table& counts, int bins) {
  const Samples samples = samples_of(counts, bins);
  const auto got = compare_margins(
      counts.data(), bins, static_cast<std::int64_t>(samples.row.size()));
  expect_divergences(got, samples, bins);
  expect_distances(got, samples, bins);
  EXPECT_NEAR(got.cramer_v, slow_cramer(samples), 1e-12);
  EXPECT_NEAR(got.ratio_rows, slow_ratio(samples.row, samples.column), 1e-12);
  EXPECT_NEAR(got.ratio_columns, slow_ratio(samples.column, samples.row),
              1e-12);
}

TEST(TableComparison, AgreesWithItsDefinitionsOnTablesWithEmptyBins) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rng rng(seed);
    const int bins = 2 + static_cast<int>(rng.below(7));
    Table counts(static_cast<std::size_t>(bins * bins), 0);
    for (auto& c : counts) {
      if (rng.uniform() < 0.3) c = static_cast<std::uint32_t>(rng.below(9));
    }
    counts.back() += 1;
    expect_as_defined(counts, bins);
  }
}

TEST(TableComparison, TakesAsManyBinsAsHistogramsHave) {
  constexpr int kMost = 64;
  Rng rng(21);
  Table counts(kMost * kMost, 0);
  for (auto& c : counts) c = static_cast<std::uint32_t>(rng.below(3));
  expect_as_defined(counts, kMost);
}

TEST(TableComparison, OfOneCellAndOfADiagonalIsKnown) {
  expect_as_defined({0, 0, 7, 0}, 2);
  expect_as_defined({3, 0, 0, 0, 0, 0, 0, 0, 2}, 3);
  const Table diagonal = {5, 0, 0, 5};
  const auto got = compare_margins(diagonal.data(), 2, 10);
  EXPECT_EQ(got.ratio_rows, 1);
  EXPECT_NEAR(got.cramer_v, 1, 1e-12);
  EXPECT_EQ(got.kolmogorov, 0);
}

}  // namespace
}  // namespace musl
