#include "dependency/rank_test.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/numbers.h"

namespace musl {

namespace {

double normal_lower_tail(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2));
}

/// Share of a gamma distribution of this shape and scale 1 above x >= shape >
/// 0. The series and the continued fraction of Numerical Recipes, section 6.2.
double gamma_upper_tail(double shape, double x) {
  constexpr int kMostTerms = 100000;
  constexpr double kNegligible = 1e-15;
  const double front = std::exp(shape * std::log(x) - x - std::lgamma(shape));
  if (x < shape + 1) {
    double term = 1 / shape, sum = term;
    for (int i = 1; i < kMostTerms && term > sum * kNegligible; ++i) {
      term *= x / (shape + i);
      sum += term;
    }
    return std::max(0.0, 1 - front * sum);
  }
  double b = x + 1 - shape, c = 1e300, d = 1 / b, fraction = d;
  for (int i = 1; i < kMostTerms; ++i) {
    const double a = i * (shape - i);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= c * d;
    if (std::abs(c * d - 1) < kNegligible) break;
  }
  return front * fraction;
}

// Below it p-values differ from the normal ones by a fifth at ten deviations.
constexpr double kLeastSkewness = 1e-3;

/// Share of a standardised distribution beyond z <= 0 on its lower side, where
/// its long tail is if the skewness is negative.
double lower_tail(double z, double skewness) {
  const double normal = normal_lower_tail(z);
  if (!(z < 0 && skewness < -kLeastSkewness)) return normal;
  const double shape = 4 / (skewness * skewness);
  return std::max(normal,
                  gamma_upper_tail(shape, shape - z * std::sqrt(shape)));
}

TailTest tail_test(double z, double skewness) {
  const double side =
      z > 0 ? lower_tail(-z, -skewness) : lower_tail(z, skewness);
  return {2 * side, z > 0 ? normal_lower_tail(z) : side};
}

/// Whether one value is that of most lines.
bool mostly_tied(std::int64_t n_tied, std::int64_t n) { return 2 * n_tied > n; }

}  // namespace

SortedRow sort_row(const double* row, std::int64_t n) {
  std::vector<std::pair<double, std::int32_t>> known;
  for (std::int64_t i = 0; i < n; ++i) {
    if (std::isnan(row[i])) continue;
    known.emplace_back(row[i], static_cast<std::int32_t>(i));
  }
  std::sort(known.begin(), known.end());
  SortedRow out;
  for (const auto& [value, sample] : known) {
    out.value.push_back(value);
    out.sample.push_back(sample);
  }
  return out;
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
      const double tie = t * (t * t - 1);
      sums.ties += tie;
      // placed is already behind the tied values.
      sums.ties_by_rank += tie * static_cast<double>(2 * placed - tied + 1);
    }
    sums.largest_tie = std::max(sums.largest_tie, tied);
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

double rank_sum_third_moment(const RankSums& sums) {
  const auto n = static_cast<double>(sums.n());
  if (n < 3) return 0;
  const auto loss = static_cast<double>(sums.n_loss);
  const auto rest = static_cast<double>(sums.n_rest);
  // Cubes of the ranks less their mean sum up to 0 without ties; a tie takes
  // the cubes within it.
  const double cubes = ((n + 1) * sums.ties - sums.ties_by_rank) / 8;
  return loss * rest * (rest - loss) / (n * (n - 1) * (n - 2)) * cubes;
}

double cliffs_delta(const RankSums& sums) {
  return static_cast<double>(sums.twice_deviation()) /
         static_cast<double>(sums.n_loss) / static_cast<double>(sums.n_rest);
}

TailTest rank_sum_test(const RankSums& sums, bool correct) {
  const double sd = std::sqrt(rank_sum_variance(sums));
  if (!(sd > 0)) return {kNaN, kNaN};
  const double skewness = mostly_tied(sums.largest_tie, sums.n())
                              ? rank_sum_third_moment(sums) / (sd * sd * sd)
                              : 0.0;
  const double deviation = static_cast<double>(sums.twice_deviation()) / 2;
  const double step = correct ? 0.5 : 0.0;
  // A deviation of exactly 0 is not corrected: the two-sided p is 1.
  const double towards = deviation > 0 ? -step : deviation < 0 ? step : 0.0;
  return {tail_test((deviation + towards) / sd, skewness).two_sided,
          tail_test((deviation + step) / sd, skewness).less};
}

void StratifiedTest::add(const RankSums& stratum) {
  if (stratum.n_loss == 0 || stratum.n_rest == 0) return;
  const auto size = static_cast<double>(stratum.n() + 1);
  ++n_strata_;
  n_ += stratum.n();
  n_tied_ += stratum.largest_tie;
  deviation_ += static_cast<double>(stratum.twice_deviation()) / 2 / size;
  variance_ += rank_sum_variance(stratum) / (size * size);
  third_moment_ += rank_sum_third_moment(stratum) / (size * size * size);
}

TailTest StratifiedTest::test() const {
  if (!(variance_ > 0)) return {kNaN, kNaN};
  const double sd = std::sqrt(variance_);
  return tail_test(deviation_ / sd, mostly_tied(n_tied_, n_)
                                        ? third_moment_ / (sd * sd * sd)
                                        : 0.0);
}

}  // namespace musl
