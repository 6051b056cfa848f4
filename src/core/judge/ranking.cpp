#include "judge/ranking.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "judge/metrics.h"

namespace musl {

namespace {

/// Discounts of the first ranks, which all lists share.
void reach(std::int64_t depth, RankCurve* curve) {
  if (curve->ideal.empty()) curve->ideal.push_back(0);
  while (static_cast<std::int64_t>(curve->discount.size()) < depth) {
    const auto place = static_cast<double>(curve->discount.size()) + 1;
    curve->discount.push_back(1 / std::log2(1 + place));
    curve->ideal.push_back(curve->ideal.back() + curve->discount.back());
  }
}

/// Ties at the end of a list give a fractional expected number of positives.
double ideal_gain(const RankCurve& curve, double positives) {
  const auto whole = static_cast<std::size_t>(positives);
  const double part = positives - static_cast<double>(whole);
  return curve.ideal[whole] + (part > 0 ? part * curve.discount[whole] : 0);
}

/// The sum over the first k ranks, or over all if there are fewer.
double at_depth(const std::vector<double>& sums, std::int64_t k) {
  return sums[std::min(static_cast<std::size_t>(k), sums.size() - 1)];
}

/// Lists of the entries named by `ends`: each pair's anchor and partner, or
/// none for an anchor of -1.
template <typename Visit>
AnchorLists make_lists(const PairSet& pairs, const ScoreOrder& order,
                       std::int64_t n_genes, const Visit& visit) {
  AnchorLists out;
  out.start.assign(static_cast<std::size_t>(n_genes) + 1, 0);
  for (std::size_t row = 0; row < pairs.a.size(); ++row) {
    visit(row, [&](std::int32_t anchor, std::int32_t) {
      ++out.start[static_cast<std::size_t>(anchor) + 1];
    });
  }
  for (std::size_t g = 1; g < out.start.size(); ++g) {
    out.start[g] += out.start[g - 1];
  }
  const auto entries = static_cast<std::size_t>(out.start.back());
  out.partner.resize(entries);
  out.step.resize(entries);
  out.label.resize(entries);
  std::vector<std::int64_t> next(out.start.begin(), out.start.end() - 1);
  std::size_t k = 0;
  for (std::size_t s = 0; s < order.step_end.size(); ++s) {
    for (; k < static_cast<std::size_t>(order.step_end[s]); ++k) {
      const auto row = static_cast<std::size_t>(order.row[k]);
      visit(row, [&](std::int32_t anchor, std::int32_t partner) {
        const auto at =
            static_cast<std::size_t>(next[static_cast<std::size_t>(anchor)]++);
        out.partner[at] = partner;
        out.step[at] = static_cast<std::int32_t>(s);
        out.label[at] = pairs.label[row];
      });
    }
  }
  return out;
}

}  // namespace

AnchorLists anchor_lists(const PairSet& pairs, const ScoreOrder& order,
                         std::int64_t n_genes) {
  return make_lists(pairs, order, n_genes,
                    [&](std::size_t row, const auto& put) {
                      put(pairs.a[row], pairs.b[row]);
                      put(pairs.b[row], pairs.a[row]);
                    });
}

AnchorLists query_lists(const PairSet& pairs,
                        const std::vector<std::int32_t>& query,
                        const ScoreOrder& order, std::int64_t n_genes) {
  return make_lists(
      pairs, order, n_genes, [&](std::size_t row, const auto& put) {
        if (query.empty() || query[row] < 0) return;
        put(query[row],
            query[row] == pairs.a[row] ? pairs.b[row] : pairs.a[row]);
      });
}

void anchor_steps(const AnchorLists& lists, std::int64_t anchor,
                  const std::vector<std::int32_t>& multiplicity,
                  std::vector<Step>* steps) {
  steps->clear();
  std::int32_t step = -1;
  const auto gene = static_cast<std::size_t>(anchor);
  for (std::int64_t i = lists.start[gene]; i < lists.start[gene + 1]; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (std::isnan(lists.label[at])) continue;
    const auto partner = static_cast<std::size_t>(lists.partner[at]);
    const int drawn = multiplicity.empty() ? 1 : multiplicity[partner];
    if (drawn == 0) continue;
    if (lists.step[at] != step) {
      step = lists.step[at];
      steps->emplace_back();
    }
    const bool is_positive = lists.label[at] == 1.0f;
    (is_positive ? steps->back().positives : steps->back().negatives) += drawn;
  }
}

void rank_curve(const std::vector<Step>& steps, std::int64_t depth,
                RankCurve* curve) {
  reach(depth, curve);
  for (auto* sums : {&curve->hits, &curve->gain, &curve->precision_sum}) {
    sums->assign(1, 0.0);
  }
  curve->positives = 0;
  std::int64_t place = 0;
  for (const Step& step : steps) {
    const double before = curve->positives;
    const double tied = step.positives + step.negatives;
    const double share = step.positives / tied;
    // Probability that another of the tied is positive, given that one is.
    const double other = tied > 1 ? (step.positives - 1) / (tied - 1) : 0;
    for (double j = 1; j <= tied && place < depth; ++j) {
      const double gain =
          share * curve->discount[static_cast<std::size_t>(place)];
      ++place;
      const double precision =
          (before + 1 + (j - 1) * other) / static_cast<double>(place);
      curve->hits.push_back(before + j * share);
      curve->gain.push_back(curve->gain.back() + gain);
      curve->precision_sum.push_back(curve->precision_sum.back() +
                                     share * precision);
    }
    curve->positives += step.positives;
  }
}

RankMetrics rank_metrics(const RankCurve& curve, std::int64_t k) {
  const auto places = static_cast<double>(curve.hits.size() - 1);
  const auto first = static_cast<double>(k);
  const double hits = at_depth(curve.hits, k);
  const double reachable = std::min(curve.positives, first);
  return {at_depth(curve.gain, k) / ideal_gain(curve, reachable),
          hits / std::min(first, places), hits / curve.positives,
          at_depth(curve.precision_sum, k) / reachable};
}

double recall_at_share(const std::vector<Step>& steps, double share) {
  double places = 0;
  for (const Step& step : steps) places += step.positives + step.negatives;
  const auto depth = std::max<std::int64_t>(1, std::llround(share * places));
  RankCurve curve;
  rank_curve(steps, depth, &curve);
  return at_depth(curve.hits, depth) / curve.positives;
}

}  // namespace musl
