#pragma once

#include <cstdint>
#include <vector>

namespace musl {

/// The values of a row in ascending order; missing ones (NaN) are left out.
struct SortedRow {
  std::vector<double> value;
  std::vector<std::int32_t> sample;  // position of each value in the row
};

/// row (n); infinite values are kept.
[[nodiscard]] SortedRow sort_row(const double* row, std::int64_t n);

/// Group of a sample in a comparison of two groups.
using Group = std::int8_t;
inline constexpr Group kLoss = 1;
inline constexpr Group kRest = 0;
inline constexpr Group kLeftOut = -1;

/// Statistics of two groups for a rank-sum test. Twice the rank sum is an
/// integer even with ties, so nothing is rounded.
struct RankSums {
  std::int64_t n_loss = 0;
  std::int64_t n_rest = 0;
  std::int64_t twice_rank_sum = 0;  // of the loss group
  double ties = 0;                  // sum of t^3 - t over values tied t times
  double ties_by_rank = 0;          // the same times twice their mean rank
  std::int64_t largest_tie = 0;     // samples of the commonest value

  [[nodiscard]] std::int64_t n() const { return n_loss + n_rest; }
  /// Twice the rank sum less its expectation.
  [[nodiscard]] std::int64_t twice_deviation() const {
    return twice_rank_sum - n_loss * (n() + 1);
  }
};

/// value (n) ascending, sample (n), group by sample
[[nodiscard]] RankSums rank_sums(const double* value,
                                 const std::int32_t* sample, std::int64_t n,
                                 const Group* group);

/// Variance of the rank sum of the loss group under no difference, with the
/// correction for ties. NaN for fewer than two values.
[[nodiscard]] double rank_sum_variance(const RankSums& sums);

/// Third central moment of the rank sum of the loss group under no difference;
/// 0 for fewer than three values.
[[nodiscard]] double rank_sum_third_moment(const RankSums& sums);

/// Share of pairs (loss, rest) in which the loss line has the larger value,
/// less the share in which it has the smaller: -1..1, NaN without a pair.
/// Source: Cliff (1993), Psychological Bulletin 114:494.
[[nodiscard]] double cliffs_delta(const RankSums& sums);

/// p-values of a standardised statistic; NaN if undefined.
///
/// They are those of the normal distribution, except where most lines share one
/// value, as in categories: a few other lines decide there, the distribution is
/// skewed, and a single line in a small stratum would reach 1e-13. Its long
/// tail is that of Pearson's type III with the skewness of all permutations
/// (Pearson 1895; Mielke, Berry and Johnson 1976, Commun Stat A 5:1409), never
/// below the normal one.
struct TailTest {
  double two_sided;
  double less;  // alternative: the loss group is lower
};

/// Wilcoxon rank-sum test, normal approximation with tie correction: R's
/// wilcox.test(exact = FALSE, correct = correct).
/// correct  whether to move the rank sum by one half towards its expectation
[[nodiscard]] TailTest rank_sum_test(const RankSums& sums, bool correct);

/// Van Elteren's test: within-stratum rank sums, weighted by 1 / (n + 1).
///
/// A stratum without one of the groups adds nothing. There is no continuity
/// correction, as the weighted sum has no common step. Source: van Elteren
/// (1960), Bull Inst Int Stat 37:351; Lehmann (1975), Nonparametrics, section
/// 3.3.
class StratifiedTest {
 public:
  void add(const RankSums& stratum);
  /// Number of strata with both groups.
  [[nodiscard]] std::int64_t n_strata() const { return n_strata_; }
  [[nodiscard]] TailTest test() const;

 private:
  std::int64_t n_strata_ = 0;
  std::int64_t n_ = 0, n_tied_ = 0;  // lines, those of the commonest values
  double deviation_ = 0;
  double variance_ = 0;
  double third_moment_ = 0;
};

}  // namespace musl
