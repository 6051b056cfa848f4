#include "model/network_scorer.h"

#include <memory>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "features/dataset_evidence.h"
#include "model/scorer.h"

namespace musl {

namespace {

/// Tiles scored by one PairScorer, which knows the vectors of all genes.
class NetworkTiles final : public TileScorer {
 public:
  NetworkTiles(const Model& model, const Dataset& data,
               const PredictOptions& options, const PartnerRequest& order)
      : threads_(options.threads),
        scorer_(make_pair_scorer(model, data, data.known, options)) {
    scorer_->prepare_all_genes();
    if (order.sum == SumEvidence::never) return;
    auto evidence = std::make_unique<DatasetEvidence>(data, order.annotation);
    if (sums_evidence(order, *evidence, threads_)) {
      evidence_ = std::move(evidence);
    }
  }

  [[nodiscard]] PairScores score(const PairSet& pairs,
                                 const Tick& tick) const override {
    PairScores out;
    out.score = scorer_->score(pairs, tick).score;
    if (!evidence_) return out;
    const auto n = pairs.size();
    out.has_order = true;
    out.order = order_by_evidence(
        evidence_->of(pairs, threads_, [&] { return !tick || tick(n, n); }),
        out.score);
    return out;
  }

  [[nodiscard]] std::vector<double> mean_scores(
      const std::vector<std::int32_t>& genes,
      const std::vector<std::int32_t>& others) const override {
    if (!evidence_) return {};
    return musl::mean_scores(genes, others, [&](const PairSet& pairs) {
      return scorer_->score(pairs).score;
    });
  }

 private:
  int threads_;
  std::unique_ptr<PairScorer> scorer_;
  // Null if the score orders lists.
  std::unique_ptr<DatasetEvidence> evidence_;
};

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
  genes = once(std::move(genes));
  const auto means = mean_scores(genes, request.reference, score);
  for (std::size_t list = 0; list < order.size(); ++list) {
    const auto& rows = lists.rows[list];
    std::vector<double> mean(rows.size(), kNaN);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto found = position_of(genes, request.pairs.b[rows[i]]);
      if (found >= 0) mean[i] = means[at(found)];
    }
    take_off_means(mean, &order[list]);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      (*rank_by)[rows[i]] = order[list][i];
    }
  }
}

class NetworkScorer final : public Scorer {
 public:
  NetworkScorer(Model model, std::unique_ptr<Dataset> data)
      : model_(std::move(model)), data_(std::move(data)) {}

  [[nodiscard]] Prediction score(const PairSet& pairs,
                                 const PredictOptions& options,
                                 const EventSink& sink) const override {
    return model_.predict(*data(), pairs, options, sink);
  }

  /// With take_off_means() over 8 reference genes.
  [[nodiscard]] PartnerLists lists(const PartnerRequest& request,
                                   const PredictOptions& options,
                                   const EventSink& sink) const override {
    check_pairs(request.pairs, data()->n_genes);
    const Lists anchors = lists_of(request.pairs);
    const auto score_of = [&](const PairSet& pairs) {
      return score(pairs, options, sink).score;
    };
    PartnerLists out;
    out.score = score_of(request.pairs);
    out.reference = cross_scores(anchors.anchor, request.reference, score_of);
    out.rank_by = out.score;
    if (request.sum == SumEvidence::never) return out;
    const DatasetEvidence evidence(*data(), request.annotation);
    if (!sums_evidence(request, evidence, options.threads)) return out;
    auto values = evidence.of(request.pairs, options.threads, [&] {
      return !sink ||
             sink(progress_event(request.pairs.size(), request.pairs.size()));
    });
    out.combined = true;
    out.rank_by = order_by_evidence(values, out.score);
    out.relation = std::move(values.pair);
    rank_shortlists(request, anchors, score_of, &out.rank_by);
    return out;
  }

  [[nodiscard]] std::vector<Attribution> explain(
      const PairSet& pairs, const PredictOptions& options) const override {
    const PairSet first{{pairs.a.front()}, {pairs.b.front()}, {}};
    const auto scorer = make_pair_scorer(model_, *data(), first, options);
    std::vector<Attribution> out{
        scorer->attribute(first.a.front(), first.b.front())};
    // Only the mean of the others is shown: fewer steps will do.
    constexpr int kFewSteps = 256;
    for (std::size_t i = 1; i < pairs.a.size(); ++i) {
      out.push_back(scorer->attribute(pairs.a[i], pairs.b[i], kFewSteps));
    }
    return out;
  }

  [[nodiscard]] std::unique_ptr<TileScorer> tiles(
      const PredictOptions& options,
      const PartnerRequest& order) const override {
    return std::make_unique<NetworkTiles>(model_, *data(), options, order);
  }

  [[nodiscard]] const Dataset* data() const override {
    return data_ ? data_.get() : &model_.kept();
  }

 private:
  Model model_;
  std::unique_ptr<Dataset> data_;
};

}  // namespace

std::unique_ptr<Scorer> network_scorer(const Model& model,
                                       std::unique_ptr<Dataset> data) {
  return std::make_unique<NetworkScorer>(model, std::move(data));
}

}  // namespace musl
