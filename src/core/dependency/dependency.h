#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/matrix.h"
#include "judge/metrics.h"

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

/// Comparisons of cell lines: those that lost the anchor against the rest.
struct DependencyDesign {
  std::vector<std::vector<Group>> groups;  // (anchors) of (lines)
  /// (lines) 0, 1, ... or -1 for none; empty: no strata.
  std::vector<std::int32_t> stratum;
  std::int64_t min_lines = 5;  // no test with fewer in either group
};

/// Means of two groups and how far apart they are. Missing values are left out.
struct GroupMeans {
  double loss, rest;              // NaN without a value
  double hedges_g;                // NaN with fewer than two values in a group
  double g_lower, g_upper;        // 95 % interval of hedges_g
  double share_loss, share_rest;  // of the values below a limit
};

/// row    (n) values of a gene
/// limit  shares are of values below it
/// floor  a spread that the pooled variance is widened by, as its square, so
///        that genes that hardly vary have no large effects
///
/// Hedges' g has the correction 1 - 3 / (4 (n - 2) - 1); the interval is that
/// of the normal distribution. Source: Hedges (1981), J Educ Stat 6:107; Hedges
/// and Olkin (1985), chapter 5.
[[nodiscard]] GroupMeans group_means(const double* row, std::int64_t n,
                                     const Group* group, double limit,
                                     double floor);

/// GroupMeans of each gene and anchor: genes vary fastest, then anchors.
///
/// values  (genes x lines)
[[nodiscard]] std::vector<GroupMeans> group_means(
    const RMatrixView& values, const std::vector<std::vector<Group>>& groups,
    double limit, double floor, int threads);

/// The part of a difference that covariates do not explain.
struct AdjustedDifference {
  double value = 0;  // coefficient of the loss; NaN if it can't be told
  double error = 0;  // standard error
  double df = 0;     // degrees of freedom
};

/// Of each gene, the coefficient of the loss in a linear regression of its
/// values on the loss and the covariates, over the lines of both groups with a
/// value. Columns of covariates that others explain are left out.
///
/// values      (genes x lines)
/// group       (lines)
/// covariates  (lines x covariates), without NaN; the intercept is one of them
/// floor       as in group_means(), of the residuals
[[nodiscard]] std::vector<AdjustedDifference> adjusted_differences(
    const RMatrixView& values, const std::vector<Group>& group,
    const RMatrixView& covariates, double floor, int threads);

/// Results of musl_dependency() for each gene and anchor: genes vary fastest,
/// then anchors. NaN if undefined.
struct DependencyResult {
  std::vector<std::int32_t> n_loss, n_rest;  // lines with a value
  std::vector<double> median_loss, median_rest, delta;
  std::vector<double> p_two_sided, p_less;
  std::vector<std::int32_t> n_strata;  // that hold both groups
  std::vector<double> p_two_sided_stratified, p_less_stratified;
};

/// Compares each gene's values between the groups of each anchor.
///
/// A gene is sorted once for all anchors. Missing values (NaN) are left out per
/// gene. The bits do not depend on the number of threads.
///
/// values   (genes x lines)
/// threads  0: all
/// tick     called on this thread from time to time; false throws
///          CancelledError
[[nodiscard]] DependencyResult differential_dependency(
    const RMatrixView& values, const DependencyDesign& design, int threads,
    const std::function<bool()>& tick = {});

/// For each gene, the share of its non-missing values above (or below) `limit`;
/// NaN without any.
[[nodiscard]] std::vector<double> shares_beyond(const RMatrixView& values,
                                                double limit, bool above);

/// A ranking of genes and a screen's measurements of them.
struct ScreenedRanking {
  std::vector<double> score;     // of the ranking; the highest is first
  std::vector<double> strength;  // of the screen; the highest is strongest
  std::vector<float> hit;        // 1 called a hit by the screen, else 0
};

/// Agreement of a ranking with a screen.
struct ScreenAgreement {
  double auroc;     // of the score for hits; NaN without both kinds
  double auprc;     // likewise
  double spearman;  // of score and strength; NaN if either is constant
  /// At each depth, hits among the first ranks, expected under random order of
  /// ties.
  std::vector<double> hits;
  /// hits over those expected from their share of all genes; NaN without hits.
  std::vector<double> enrichment;
};

/// Evaluates one ranking under any multiplicity of its genes; sorts once.
class ScreenJudge {
 public:
  /// depths  numbers of top ranks, each >= 1
  /// InputError for NaN.
  ScreenJudge(ScreenedRanking ranking, std::vector<std::int64_t> depths);

  /// multiplicity  (n) how often each gene was sampled; empty: once
  [[nodiscard]] ScreenAgreement measure(
      const std::vector<std::int32_t>& multiplicity = {}) const;

  /// (n) joint score of each gene by ranking and screen, high is best: the sum
  /// of two standard normal scores over sqrt(2), each of the quantile (rank -
  /// 1/2) / n, ties at their mean. The scales do not matter and both have equal
  /// weight. Source: the sum of Stouffer et al. (1949), with scores in place of
  /// p-values.
  [[nodiscard]] std::vector<double> joint() const;

  [[nodiscard]] std::int64_t n_genes() const {
    return static_cast<std::int64_t>(ranking_.score.size());
  }
  [[nodiscard]] std::int64_t n_depths() const {
    return static_cast<std::int64_t>(depths_.size());
  }

 private:
  ScreenedRanking ranking_;
  std::vector<std::int64_t> depths_;
  ScoreOrder by_score_;
  ScoreOrder by_strength_;
};

/// Agreement in bootstrap samples of the genes: (replicates, 3 + depths)
/// row-major, each row auroc, auprc, spearman and enrichments. The bits do not
/// depend on `threads` (0: all).
[[nodiscard]] std::vector<double> bootstrap_agreement(const ScreenJudge& judge,
                                                      std::int64_t replicates,
                                                      std::uint64_t seed,
                                                      int threads);

}  // namespace musl
