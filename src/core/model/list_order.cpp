#include "model/list_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/numbers.h"

namespace musl {

namespace {

constexpr std::size_t kShortlist = 300, kMeanGenes = 8;

/// Mean of the finite values, NaN without any.
double finite_mean(const double* first, std::size_t n) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(first[i])) continue;
    sum += first[i];
    ++count;
  }
  return count > 0 ? sum / count : kNaN;
}

}  // namespace

bool sums_evidence(const PartnerRequest& request,
                   const PartnerEvidence& evidence, int threads) {
  if (request.sum != SumEvidence::if_it_tells) {
    return request.sum != SumEvidence::never;
  }
  return test_evidence(evidence, request.sl, request.seed, threads).tells();
}

std::vector<double> order_by_evidence(const EvidenceValues& evidence,
                                      const std::vector<double>& score) {
  std::vector<double> out;
  out.reserve(score.size());
  for (std::size_t i = 0; i < score.size(); ++i) {
    out.push_back(kScoreBesideEvidence * score[i] + evidence.pair[i] +
                  evidence.genes[i]);
  }
  return out;
}

std::vector<std::size_t> list_shortlist(const std::vector<double>& order) {
  std::vector<std::size_t> out(order.size());
  std::iota(out.begin(), out.end(), std::size_t{0});
  out.erase(std::remove_if(out.begin(), out.end(),
                           [&](std::size_t i) { return std::isnan(order[i]); }),
            out.end());
  const auto precedes = [&](std::size_t i, std::size_t k) {
    return order[i] != order[k] ? order[i] > order[k] : i < k;
  };
  const auto n = std::min(kShortlist, out.size());
  std::partial_sort(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(n),
                    out.end(), precedes);
  out.resize(n);
  return out;
}

void take_off_means(const std::vector<double>& mean,
                    std::vector<double>* order) {
  const auto shortlist = list_shortlist(*order);
  if (shortlist.empty()) return;
  std::vector<double> means;
  means.reserve(shortlist.size());
  for (const auto i : shortlist) means.push_back(mean[i]);
  const double centre = finite_mean(means.data(), means.size());
  const double bound = (*order)[shortlist.back()];
  double lowest = bound;
  std::vector<std::uint8_t> is_short(order->size(), 0);
  for (std::size_t k = 0; k < shortlist.size(); ++k) {
    auto& value = (*order)[shortlist[k]];
    is_short[shortlist[k]] = 1;
    if (std::isfinite(means[k])) {
      value -= kScoreBesideEvidence * (means[k] - centre);
    }
    lowest = std::min(lowest, value);
  }
  for (std::size_t i = 0; i < order->size(); ++i) {
    if (is_short[i] == 0) (*order)[i] += lowest - bound;
  }
}

std::vector<double> cross_scores(const std::vector<std::int32_t>& genes,
                                 const std::vector<std::int32_t>& others,
                                 const ScoreOfPairs& score) {
  PairSet pairs;
  std::vector<std::size_t> place;
  for (std::size_t g = 0; g < genes.size(); ++g) {
    for (std::size_t o = 0; o < others.size(); ++o) {
      if (genes[g] == others[o]) continue;
      pairs.a.push_back(genes[g]);
      pairs.b.push_back(others[o]);
      place.push_back(g * others.size() + o);
    }
  }
  std::vector<double> out(genes.size() * others.size(), kNaN);
  if (pairs.size() == 0) return out;
  const auto scored = score(pairs);
  for (std::size_t i = 0; i < place.size(); ++i) out[place[i]] = scored[i];
  return out;
}

std::vector<double> mean_scores(const std::vector<std::int32_t>& genes,
                                std::vector<std::int32_t> others,
                                const ScoreOfPairs& score) {
  others.resize(std::min(kMeanGenes, others.size()));
  const auto scores = cross_scores(genes, others, score);
  std::vector<double> out;
  for (std::size_t g = 0; g < genes.size(); ++g) {
    out.push_back(
        finite_mean(scores.data() + g * others.size(), others.size()));
  }
  return out;
}

}  // namespace musl
