#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "musl/dependency.h"
#include "musl/judge.h"
#include "musl/metrics.h"
#include "musl/normal_scores.h"
#include "musl/parallel.h"

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

namespace {

/// Mean rank of each row in the order, counting a row of weight w w times.
std::vector<double> mean_ranks(const ScoreOrder& order,
                               const std::vector<double>& weight) {
  std::vector<double> rank(order.row.size());
  double before = 0;
  std::size_t first = 0;
  for (const std::int32_t end : order.step_end) {
    const auto last = static_cast<std::size_t>(end);
    double tied = 0;
    for (std::size_t k = first; k < last; ++k) {
      tied += weight_of(weight, static_cast<std::size_t>(order.row[k]));
    }
    for (std::size_t k = first; k < last; ++k) {
      rank[static_cast<std::size_t>(order.row[k])] = before + (tied + 1) / 2;
    }
    before += tied;
    first = last;
  }
  return rank;
}

double pearson(const std::vector<double>& x, const std::vector<double>& y,
               const std::vector<double>& weight) {
  double n = 0, sum_x = 0, sum_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double w = weight_of(weight, i);
    n += w;
    sum_x += w * x[i];
    sum_y += w * y[i];
  }
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double w = weight_of(weight, i);
    const double dx = x[i] - sum_x / n;
    const double dy = y[i] - sum_y / n;
    xx += w * dx * dx;
    yy += w * dy * dy;
    xy += w * dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx) / std::sqrt(yy) : kNaN;
}

/// Steps with a weight above 0.
std::vector<Step> drawn_steps(std::vector<Step> steps) {
  steps.erase(std::remove_if(steps.begin(), steps.end(),
                             [](const Step& step) {
                               return step.positives + step.negatives <= 0;
                             }),
              steps.end());
  return steps;
}

}  // namespace

ScreenJudge::ScreenJudge(ScreenedRanking ranking,
                         std::vector<std::int64_t> depths)
    : ranking_(std::move(ranking)), depths_(std::move(depths)) {
  by_score_ = order_scores(ranking_.score);
  by_strength_ = order_scores(ranking_.strength);
}

ScreenAgreement ScreenJudge::measure(
    const std::vector<std::int32_t>& multiplicity) const {
  const std::vector<double> weight(multiplicity.begin(), multiplicity.end());
  const auto steps = drawn_steps(score_steps(by_score_, ranking_.hit, weight));
  const CurveMetrics curve = curve_metrics(steps);
  ScreenAgreement out{curve.auroc,
                      curve.auprc,
                      pearson(mean_ranks(by_score_, weight),
                              mean_ranks(by_strength_, weight), weight),
                      {},
                      {}};
  std::int64_t deepest = 0;
  for (const std::int64_t depth : depths_) deepest = std::max(deepest, depth);
  RankCurve ranks;
  rank_curve(steps, deepest, &ranks);
  double n = 0;
  for (const Step& step : steps) n += step.positives + step.negatives;
  const auto places = static_cast<std::int64_t>(ranks.hits.size()) - 1;
  for (const std::int64_t depth : depths_) {
    const std::int64_t reached = std::min(depth, places);
    const double hits = ranks.hits[static_cast<std::size_t>(reached)];
    out.hits.push_back(hits);
    out.enrichment.push_back(
        ranks.positives > 0
            ? hits * n / (static_cast<double>(reached) * ranks.positives)
            : kNaN);
  }
  return out;
}

std::vector<double> ScreenJudge::joint() const {
  const std::vector<double> score = mean_ranks(by_score_, {});
  const std::vector<double> strength = mean_ranks(by_strength_, {});
  const auto n = static_cast<double>(score.size());
  std::vector<double> out(score.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    // Ranks are counted from the best.
    out[i] = -(normal_quantile((score[i] - 0.5) / n) +
               normal_quantile((strength[i] - 0.5) / n)) /
             std::sqrt(2.0);
  }
  return out;
}

std::vector<double> bootstrap_agreement(const ScreenJudge& judge,
                                        std::int64_t replicates,
                                        std::uint64_t seed, int threads) {
  const std::int64_t width = 3 + judge.n_depths();
  std::vector<double> out(static_cast<std::size_t>(replicates * width));
  parallel_for(replicates, threads, [&](std::int64_t replicate) {
    const ScreenAgreement agreement =
        judge.measure(gene_multiplicity(judge.n_genes(), seed, replicate));
    auto at = out.begin() + replicate * width;
    *at++ = agreement.auroc;
    *at++ = agreement.auprc;
    *at++ = agreement.spearman;
    std::copy(agreement.enrichment.begin(), agreement.enrichment.end(), at);
  });
  return out;
}

}  // namespace musl
