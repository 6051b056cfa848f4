#include "model/feature_scorer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "features/store_evidence.h"
#include "learners/measured_scorer.h"
#include "model/scorer.h"

namespace musl {

namespace {

/// What orders lists: the score, other weights of the scorers, or evidence.
class FeatureOrder {
 public:
  FeatureOrder(const MeasuredModel& model, const GeneStore& store,
               const PartnerRequest& request, int threads) {
    if (request.sum == SumEvidence::never ||
        request.sum == SumEvidence::relation) {
      return;
    }
    by_weights_ = model.has_measured();
    if (by_weights_) return;
    auto evidence = std::make_unique<StoreEvidence>(store);
    if (sums_evidence(request, *evidence, threads)) {
      evidence_ = std::move(evidence);
    }
  }

  [[nodiscard]] bool is_score() const { return !by_weights_ && !evidence_; }
  /// Of these pairs; empty for the score.
  [[nodiscard]] std::vector<double> of(const PairSet& pairs,
                                       const Prediction& scored,
                                       int threads) const {
    if (by_weights_) return scored.list_order;
    if (!evidence_) return {};
    return order_by_evidence(evidence_->of(pairs, threads), scored.score);
  }

 private:
  bool by_weights_ = false;
  std::unique_ptr<StoreEvidence> evidence_;
};

class FeatureTiles final : public TileScorer {
 public:
  FeatureTiles(const MeasuredScorer& scorer, const PredictOptions& options,
               FeatureOrder by)
      : scorer_(scorer), options_(options), by_(std::move(by)) {
    options_.parts = false;
  }

  [[nodiscard]] PairScores score(const PairSet& pairs,
                                 const Tick& tick) const override {
    PairScores out;
    out.has_order = !by_.is_score();
    for (std::int64_t first = 0; first < pairs.size(); first += kBlock) {
      if (tick && !tick(first, pairs.size())) {
        throw CancelledError("Interrupted.");
      }
      const PairSet block =
          some_pairs(pairs, first, std::min(pairs.size(), first + kBlock));
      const auto scored = scorer_.predict(block, options_);
      append(scored.score, &out.score);
      append(by_.of(block, scored, options_.threads), &out.order);
    }
    return out;
  }

 private:
  static constexpr std::int64_t kBlock = 65536;

  static void append(const std::vector<double>& more, std::vector<double>* to) {
    to->insert(to->end(), more.begin(), more.end());
  }

  const MeasuredScorer& scorer_;
  PredictOptions options_;
  FeatureOrder by_;
};

/// Columns that stand one after another and are of one group; a pair's values
/// and contributions.
void add_share(const ColumnShare& share, Attribution* to) {
  if (to->inputs.empty() || to->inputs.back().name != share.group) {
    to->inputs.emplace_back();
    to->inputs.back().name = share.group;
  }
  auto& input = to->inputs.back();
  input.term.push_back(share.name);
  input.words.push_back(share.words);
  input.value.push_back(share.value);
  input.contribution.push_back(share.contribution);
  input.order.push_back(share.order);
  input.beyond.push_back(share.beyond ? 1 : 0);
}

class FeatureScorer final : public Scorer {
 public:
  FeatureScorer(const MeasuredModel& model, const GeneStore& store,
                std::vector<std::int32_t> gene_of)
      : model_(model),
        store_(store),
        scorer_(model, store, std::move(gene_of)) {}

  [[nodiscard]] Prediction score(const PairSet& pairs,
                                 const PredictOptions& options,
                                 const EventSink& /*sink*/) const override {
    Prediction out = scorer_.predict(pairs, options);
    if (!model_.has_measured()) out.list_order.clear();
    return out;
  }

  [[nodiscard]] PartnerLists lists(const PartnerRequest& request,
                                   const PredictOptions& options,
                                   const EventSink& sink) const override {
    PartnerLists out;
    static_cast<Prediction&>(out) = score(request.pairs, options, sink);
    const FeatureOrder by(model_, store_, request, options.threads);
    out.combined = !by.is_score();
    out.rank_by = by.of(request.pairs, out, options.threads);
    if (!out.combined) out.rank_by = out.score;
    return out;
  }

  [[nodiscard]] std::vector<Attribution> explain(
      const PairSet& pairs, const PredictOptions& options) const override {
    const auto scored = scorer_.predict(pairs, options);
    const auto weight = score_weights(model_, scored.scorers);
    std::vector<Attribution> out;
    for (std::size_t i = 0; i < pairs.a.size(); ++i) {
      Attribution why;
      why.score = scored.score[i];
      why.order = model_.has_measured() ? scored.list_order[i] : kNaN;
      why.reference_score = kNaN;  // the constant that is left
      for (const auto& share :
           scorer_.explain(pairs.a[i], pairs.b[i], options)) {
        add_share(share, &why);
      }
      for (std::size_t m = 0; m < weight.size(); ++m) {
        const auto logit = static_cast<double>(scored.scorer_scores(
            static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(m)));
        why.branches.push_back({scored.scorers[m], logit, weight[m], kNaN});
      }
      out.push_back(std::move(why));
    }
    return out;
  }

  [[nodiscard]] std::unique_ptr<TileScorer> tiles(
      const PredictOptions& options,
      const PartnerRequest& order) const override {
    return std::make_unique<FeatureTiles>(
        scorer_, options, FeatureOrder(model_, store_, order, options.threads));
  }

  [[nodiscard]] Matrix features(const PairSet& pairs,
                                int threads) const override {
    return scorer_.columns(pairs, threads);
  }
  [[nodiscard]] std::vector<std::string> feature_names() const override {
    std::vector<std::string> names;
    for (const auto& column : model_.columns) names.push_back(column.name);
    return names;
  }

 private:
  const MeasuredModel& model_;
  const GeneStore& store_;
  MeasuredScorer scorer_;
};

}  // namespace

std::unique_ptr<Scorer> feature_scorer(const MeasuredModel& model,
                                       const GeneStore& store,
                                       std::vector<std::int32_t> gene_of) {
  return std::make_unique<FeatureScorer>(model, store, std::move(gene_of));
}

}  // namespace musl
