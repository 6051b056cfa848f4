#include "dependency/screen_compare.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/numbers.h"
#include "base/parallel.h"
#include "judge/intervals.h"
#include "judge/metrics.h"
#include "judge/normal_scores.h"
#include "judge/ranking.h"

namespace musl {

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
