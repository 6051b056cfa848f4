#include "musl/partner_lists.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/numbers.h"
#include "musl/parallel.h"
#include "musl/partner_evidence.h"

namespace musl {

namespace {

constexpr std::size_t kShortlist = 300, kMeanGenes = 8;

/// Rows of each anchor, in order of appearance.
struct Lists {
  std::vector<std::int32_t> anchor;
  std::vector<std::vector<std::size_t>> rows;
};

Lists lists_of(const PairSet& pairs) {
  Lists out;
  std::unordered_map<std::int32_t, std::size_t> place;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto [found, is_new] = place.emplace(pairs.a[i], out.anchor.size());
    if (is_new) {
      out.anchor.push_back(pairs.a[i]);
      out.rows.emplace_back();
    }
    out.rows[found->second].push_back(i);
  }
  return out;
}

/// Tells that all pairs have scores; false after an interrupt.
bool may_go_on(const EventSink& sink, std::int64_t n_pairs) {
  if (!sink) return true;
  TrainEvent event;
  event.kind = TrainEvent::Kind::predict;
  event.phase = "predict";
  event.batch = n_pairs;
  event.n_batches = n_pairs;
  return sink(event);
}

/// Scores of each of `genes` with each of `others`, row by row; NaN with
/// itself.
std::vector<double> score_all(const Model& model, const Dataset& data,
                              const std::vector<std::int32_t>& genes,
                              const std::vector<std::int32_t>& others,
                              const PredictOptions& options,
                              const EventSink& sink) {
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
  const auto scored = model.predict(data, pairs, options, sink).score;
  for (std::size_t i = 0; i < place.size(); ++i) out[place[i]] = scored[i];
  return out;
}

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

/// The rows of a list by falling `by`, without those of NaN.
std::vector<std::size_t> best_first(std::vector<std::size_t> rows,
                                    const std::vector<double>& by) {
  rows.erase(std::remove_if(rows.begin(), rows.end(),
                            [&](std::size_t i) { return std::isnan(by[i]); }),
             rows.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t i, std::size_t k) { return by[i] > by[k]; });
  return rows;
}

/// Takes the mean score of each shortlisted candidate off rank_by; the rest of
/// each list stays behind its shortlist.
void take_off_means(const Model& model, const Dataset& data,
                    const PartnerRequest& request, const Lists& lists,
                    const PredictOptions& options, const EventSink& sink,
                    std::vector<double>* rank_by) {
  std::vector<std::vector<std::size_t>> ranked;
  std::vector<std::int32_t> genes;
  for (const auto& rows : lists.rows) {
    ranked.push_back(best_first(rows, *rank_by));
    const auto& order = ranked.back();
    for (std::size_t i = 0; i < std::min(kShortlist, order.size()); ++i) {
      genes.push_back(request.pairs.b[order[i]]);
    }
  }
  std::sort(genes.begin(), genes.end());
  genes.erase(std::unique(genes.begin(), genes.end()), genes.end());
  auto others = request.reference;
  others.resize(std::min(kMeanGenes, others.size()));
  const auto scores = score_all(model, data, genes, others, options, sink);
  std::vector<double> mean(genes.size());
  for (std::size_t g = 0; g < genes.size(); ++g) {
    mean[g] = finite_mean(scores.data() + g * others.size(), others.size());
  }
  const double centre = finite_mean(mean.data(), mean.size());
  for (const auto& order : ranked) {
    double lowest = INFINITY;
    const auto n_short = std::min(kShortlist, order.size());
    for (std::size_t i = 0; i < n_short; ++i) {
      const auto gene = request.pairs.b[order[i]];
      const auto g = static_cast<std::size_t>(
          std::lower_bound(genes.begin(), genes.end(), gene) - genes.begin());
      auto& value = (*rank_by)[order[i]];
      if (std::isfinite(mean[g]))
        value -= kScoreBesideEvidence * (mean[g] - centre);
      lowest = std::min(lowest, value);
    }
    if (order.size() <= n_short) continue;
    const double shift = std::min(0.0, lowest - (*rank_by)[order[n_short]]);
    for (std::size_t i = n_short; i < order.size(); ++i) {
      (*rank_by)[order[i]] += shift;
    }
  }
}

}  // namespace

PartnerLists partner_lists(const Model& model, const Dataset& data,
                           const PartnerRequest& request,
                           const PredictOptions& options,
                           const EventSink& sink) {
  check_pairs(request.pairs, data.n_genes);
  const Lists lists = lists_of(request.pairs);
  PartnerLists out;
  out.score = model.predict(data, request.pairs, options, sink).score;
  out.reference =
      score_all(model, data, lists.anchor, request.reference, options, sink);
  out.rank_by = out.score;
  if (request.sum == SumEvidence::never) return out;
  const PartnerEvidence evidence(data.sources, data.network);
  out.test = test_evidence(evidence, request.sl, data.n_genes, request.seed,
                           options.threads, request.annotation);
  if (request.sum == SumEvidence::if_it_tells && !out.test.tells()) return out;
  const bool annotated = request.annotation != nullptr;
  out.evidence = annotated ? partner_evidence(*request.annotation,
                                              request.pairs, options.threads)
                                 .pair
                           : std::vector<double>(out.score.size(), 0);
  parallel_for(
      request.pairs.size(), options.threads,
      [&](std::int64_t i) {
        const auto a = request.pairs.a[at(i)], b = request.pairs.b[at(i)];
        out.evidence[at(i)] += evidence.of_pair(a, b);
        out.rank_by[at(i)] = kScoreBesideEvidence * out.score[at(i)] +
                             out.evidence[at(i)] + evidence.of_genes(a, b);
      },
      [&] { return may_go_on(sink, request.pairs.size()); });
  take_off_means(model, data, request, lists, options, sink, &out.rank_by);
  return out;
}

}  // namespace musl
