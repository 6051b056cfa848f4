#include "musl/partner_lists.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/numbers.h"
#include "musl/list_order.h"

namespace musl {

namespace {

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

/// Takes the mean score of each shortlisted candidate off rank_by.
void rank_shortlists(const PartnerRequest& request, const Lists& lists,
                     const ScoreOfPairs& score, std::vector<double>* rank_by) {
  std::vector<std::vector<double>> order;
  std::vector<std::int32_t> genes;
  for (const auto& rows : lists.rows) {
    order.emplace_back();
    for (const auto i : rows) order.back().push_back((*rank_by)[i]);
    for (const auto i : list_shortlist(order.back())) {
      genes.push_back(request.pairs.b[rows[i]]);
    }
  }
  std::sort(genes.begin(), genes.end());
  genes.erase(std::unique(genes.begin(), genes.end()), genes.end());
  const auto means = mean_scores(genes, request.reference, score);
  for (std::size_t list = 0; list < order.size(); ++list) {
    const auto& rows = lists.rows[list];
    std::vector<double> mean(rows.size(), kNaN);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto gene = request.pairs.b[rows[i]];
      const auto found = std::lower_bound(genes.begin(), genes.end(), gene);
      if (found == genes.end() || *found != gene) continue;
      mean[i] = means[static_cast<std::size_t>(found - genes.begin())];
    }
    take_off_means(mean, &order[list]);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      (*rank_by)[rows[i]] = order[list][i];
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
  const auto score = [&](const PairSet& pairs) {
    return model.predict(data, pairs, options, sink).score;
  };
  PartnerLists out;
  out.score = score(request.pairs);
  out.reference = cross_scores(lists.anchor, request.reference, score);
  out.rank_by = out.score;
  if (request.sum == SumEvidence::never) return out;
  const ListOrder order(data, request.annotation);
  out.test = order.test(request.sl, request.seed, options.threads);
  if (request.sum == SumEvidence::if_it_tells && !out.test.tells()) return out;
  auto values = order.of(request.pairs, out.score, options.threads,
                         [&] { return may_go_on(sink, request.pairs.size()); });
  out.combined = true;
  out.relation = std::move(values.evidence);
  out.rank_by = std::move(values.order);
  rank_shortlists(request, lists, score, &out.rank_by);
  return out;
}

}  // namespace musl
