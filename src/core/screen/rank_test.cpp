#include "musl/rank_test.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/numbers.h"

namespace musl {

namespace {

constexpr int kByteValues = 256;

/// The upper half of a word with the same order as the double.
std::uint64_t high_key(double x) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &x, sizeof(bits));
  const std::uint64_t sign = std::uint64_t{1} << 63;
  bits = (bits & sign) != 0 ? ~bits : bits | sign;
  return bits & ~std::uint64_t{0xffffffff};
}

double normal_lower_tail(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2));
}

double two_sided_tail(double z) { return 2 * normal_lower_tail(-std::abs(z)); }

}  // namespace

const SortedRow& RowSorter::sort(const double* row, std::int64_t n) {
  keys_.clear();
  for (std::int64_t i = 0; i < n; ++i) {
    if (std::isnan(row[i])) continue;
    keys_.push_back(high_key(row[i]) | static_cast<std::uint64_t>(i));
  }
  spare_.resize(keys_.size());
  for (int shift = 32; shift < 64; shift += 8) scatter_bytes(shift);

  out_.value.resize(keys_.size());
  out_.sample.resize(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    out_.sample[i] = static_cast<std::int32_t>(keys_[i] & 0xffffffff);
    out_.value[i] = row[out_.sample[i]];
  }
  order_within_keys();
  return out_;
}

// One pass of a radix sort, from the lowest byte of the key up.
void RowSorter::scatter_bytes(int shift) {
  std::array<std::size_t, kByteValues + 1> start{};
  for (const std::uint64_t key : keys_) ++start[((key >> shift) & 0xff) + 1];
  std::partial_sum(start.begin(), start.end(), start.begin());
  for (const std::uint64_t key : keys_) {
    spare_[start[(key >> shift) & 0xff]++] = key;
  }
  keys_.swap(spare_);
}

// The key omits half of the double: the few values that share a key are not yet
// in order.
void RowSorter::order_within_keys() {
  const auto n = keys_.size();
  for (std::size_t i = 0; i < n;) {
    std::size_t end = i + 1;
    while (end < n && keys_[end] >> 32 == keys_[i] >> 32) ++end;
    const auto first = out_.value.begin() + static_cast<std::ptrdiff_t>(i);
    const auto last = out_.value.begin() + static_cast<std::ptrdiff_t>(end);
    if (!std::is_sorted(first, last)) {
      std::vector<std::pair<double, std::int32_t>> shared;
      for (std::size_t j = i; j < end; ++j) {
        shared.emplace_back(out_.value[j], out_.sample[j]);
      }
      std::sort(shared.begin(), shared.end());
      for (std::size_t j = i; j < end; ++j) {
        std::tie(out_.value[j], out_.sample[j]) = shared[j - i];
      }
    }
    i = end;
  }
}

RankSums rank_sums(const double* value, const std::int32_t* sample,
                   std::int64_t n, const Group* group) {
  RankSums sums;
  std::int64_t placed = 0;
  for (std::int64_t i = 0; i < n;) {
    const double tied_value = value[i];
    std::int64_t loss = 0, rest = 0;
    for (; i < n && value[i] == tied_value; ++i) {
      loss += group[sample[i]] == kLoss;
      rest += group[sample[i]] == kRest;
    }
    const std::int64_t tied = loss + rest;
    sums.n_loss += loss;
    sums.twice_rank_sum += loss * (2 * placed + tied + 1);
    placed += tied;
    if (tied > 1) {
      const auto t = static_cast<double>(tied);
      sums.ties += t * (t * t - 1);
    }
  }
  sums.n_rest = placed - sums.n_loss;
  return sums;
}

double rank_sum_variance(const RankSums& sums) {
  const auto n = static_cast<double>(sums.n());
  if (n < 2) return kNaN;
  return static_cast<double>(sums.n_loss) * static_cast<double>(sums.n_rest) /
         12 * ((n + 1) - sums.ties / (n * (n - 1)));
}

double cliffs_delta(const RankSums& sums) {
  return static_cast<double>(sums.twice_deviation()) /
         static_cast<double>(sums.n_loss) / static_cast<double>(sums.n_rest);
}

TailTest rank_sum_test(const RankSums& sums, bool correct) {
  const double sd = std::sqrt(rank_sum_variance(sums));
  if (!(sd > 0)) return {kNaN, kNaN};
  const double deviation = static_cast<double>(sums.twice_deviation()) / 2;
  const double step = correct ? 0.5 : 0.0;
  // A deviation of exactly 0 is not corrected: the two-sided p is 1.
  const double towards = deviation > 0 ? -step : deviation < 0 ? step : 0.0;
  return {two_sided_tail((deviation + towards) / sd),
          normal_lower_tail((deviation + step) / sd)};
}

void StratifiedTest::add(const RankSums& stratum) {
  if (stratum.n_loss == 0 || stratum.n_rest == 0) return;
  const auto size = static_cast<double>(stratum.n() + 1);
  ++n_strata_;
  deviation_ += static_cast<double>(stratum.twice_deviation()) / 2 / size;
  variance_ += rank_sum_variance(stratum) / (size * size);
}

TailTest StratifiedTest::test() const {
  if (!(variance_ > 0)) return {kNaN, kNaN};
  const double z = deviation_ / std::sqrt(variance_);
  return {two_sided_tail(z), normal_lower_tail(z)};
}

std::vector<double> false_discovery_rates(const std::vector<double>& p) {
  std::vector<std::size_t> order;
  order.reserve(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (!std::isnan(p[i])) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    return p[i] != p[j] ? p[i] > p[j] : i < j;
  });
  const auto n = static_cast<double>(order.size());
  std::vector<double> rate(p.size(), kNaN);
  double least = 1;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const double rank = n - static_cast<double>(k);
    least = std::min(least, p[order[k]] * n / rank);
    rate[order[k]] = least;
  }
  return rate;
}

}  // namespace musl
