#include <memory>
#include <utility>

#include "musl/error.h"
#include "musl/scorer.h"

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
    auto by = std::make_unique<ListOrder>(data, order.annotation);
    if (order.sum == SumEvidence::always ||
        by->test(order.sl, order.seed, threads_).tells()) {
      order_ = std::move(by);
    }
  }

  [[nodiscard]] PairScores score(const PairSet& pairs,
                                 const Tick& tick) const override {
    PairScores out;
    out.score = scorer_->score(pairs, tick).score;
    if (!order_) return out;
    const auto n = pairs.size();
    out.has_order = true;
    out.order = order_
                    ->of(pairs, out.score, threads_,
                         [&] { return !tick || tick(n, n); })
                    .order;
    return out;
  }

  [[nodiscard]] std::vector<double> mean_scores(
      const std::vector<std::int32_t>& genes,
      const std::vector<std::int32_t>& others) const override {
    if (!order_) return {};
    return musl::mean_scores(genes, others, [&](const PairSet& pairs) {
      return scorer_->score(pairs).score;
    });
  }

  [[nodiscard]] Taught taught() override {
    if (!features_) {
      features_ = std::make_unique<StudentFeatures>(
          scorer_->data(), scorer_->partners(), scorer_->gene_vectors());
    }
    return {*scorer_, *features_, order_.get()};
  }

 private:
  int threads_;
  std::unique_ptr<PairScorer> scorer_;
  std::unique_ptr<ListOrder> order_;  // null if the score orders lists
  std::unique_ptr<StudentFeatures> features_;
};

class NetworkScorer final : public Scorer {
 public:
  NetworkScorer(Model model, std::unique_ptr<Dataset> data)
      : model_(std::move(model)), data_(std::move(data)) {}

  [[nodiscard]] Prediction score(const PairSet& pairs,
                                 const PredictOptions& options,
                                 const EventSink& sink) const override {
    return model_.predict(*data(), pairs, options, sink);
  }

  [[nodiscard]] PartnerLists lists(const PartnerRequest& request,
                                   const PredictOptions& options,
                                   const EventSink& sink) const override {
    return partner_lists(model_, *data(), request, options, sink);
  }

  [[nodiscard]] std::vector<Attribution> explain(
      const PairSet& pairs, const PredictOptions& options) const override {
    const PairSet first{{pairs.a.front()}, {pairs.b.front()}, {}};
    const auto scorer = make_pair_scorer(model_, *data(), first, options);
    std::vector<Attribution> out{
        scorer->attribute(first.a.front(), first.b.front())};
    // Only the mean of the others is shown: fewer steps will do.
    AttributionOptions rough;
    rough.most_steps = 256;
    for (std::size_t i = 1; i < pairs.a.size(); ++i) {
      out.push_back(scorer->attribute(pairs.a[i], pairs.b[i], rough));
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

TileScorer::Taught TileScorer::taught() {
  throw InputError("A student needs a network.");
}

std::unique_ptr<Scorer> network_scorer(const Model& model,
                                       std::unique_ptr<Dataset> data) {
  return std::make_unique<NetworkScorer>(model, std::move(data));
}

}  // namespace musl
