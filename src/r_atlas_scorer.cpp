#include "r_atlas_scorer.h"

#include <Rcpp.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "musl/error.h"
#include "musl/measured_scorer.h"
#include "r_convert.h"

namespace musl_r {

NetworkScorer::NetworkScorer(const musl::Model& model,
                             std::unique_ptr<musl::Dataset> data,
                             const musl::PredictOptions& options,
                             const OrderRequest& order)
    : data_(std::move(data)),
      threads_(options.threads),
      scorer_(model, data_ ? *data_ : model.kept(),
              data_ ? data_->known : model.kept().known, options) {
  scorer_.prepare_all_genes();
  if (order.sum == musl::SumEvidence::never) return;
  auto by = std::make_unique<musl::ListOrder>(scorer_.data(), order.annotation);
  if (order.sum == musl::SumEvidence::always ||
      by->test(order.sl, /*seed=*/1, threads_).tells()) {
    order_ = std::move(by);
  }
}

musl::PairScores NetworkScorer::score(
    const musl::PairSet& pairs, const musl::PairScorer::Tick& tick) const {
  musl::PairScores out;
  out.score = scorer_.score(pairs, tick).score;
  if (!order_) return out;
  const auto n = pairs.size();
  out.has_order = true;
  out.order =
      order_
          ->of(pairs, out.score, threads_, [&] { return !tick || tick(n, n); })
          .order;
  return out;
}

const musl::StudentFeatures& NetworkScorer::features() {
  if (!features_) {
    features_ = std::make_unique<musl::StudentFeatures>(
        scorer_.data(), scorer_.partners(), scorer_.gene_vectors());
  }
  return *features_;
}

}  // namespace musl_r

namespace {

using TileScorerPointer = Rcpp::XPtr<musl_r::TileScorer>;

/// What orders lists of members: their score, other weights of theirs, or
/// evidence.
enum class MembersOrder { score, list_weights, evidence };

/// Members for measured pairs, on a store that R keeps alive.
class MembersScorer : public musl_r::TileScorer {
 public:
  MembersScorer(const musl::MeasuredModel& model,
                const musl::EvidenceStore& store,
                std::vector<std::int32_t> gene_of,
                musl::MeasuredOptions options, MembersOrder order)
      : scorer_(model, store, std::move(gene_of)),
        options_(std::move(options)),
        order_(order) {
    options_.parts = false;
  }

  [[nodiscard]] musl::PairScores score(
      const musl::PairSet& pairs,
      const musl::PairScorer::Tick& tick) const override {
    musl::PairScores out;
    out.has_order = order_ != MembersOrder::score;
    out.has_log_odds = true;
    for (std::int64_t first = 0; first < pairs.size(); first += kBlock) {
      if (tick && !tick(first, pairs.size())) {
        throw musl::CancelledError("Interrupted.");
      }
      const auto last = std::min(pairs.size(), first + kBlock);
      const musl::PairSet block{
          {pairs.a.begin() + first, pairs.a.begin() + last},
          {pairs.b.begin() + first, pairs.b.begin() + last},
          {}};
      const auto scored = scorer_.predict(block, options_);
      append(scored.score, &out.score);
      append(scored.log_odds, &out.log_odds);
      if (order_ == MembersOrder::list_weights) {
        append(scored.list_order, &out.order);
      } else if (order_ == MembersOrder::evidence) {
        append(musl::order_by_evidence(scorer_.store(), block, scored.score,
                                       options_.threads),
               &out.order);
      }
    }
    return out;
  }

 private:
  static constexpr std::int64_t kBlock = 65536;

  static void append(const std::vector<double>& more, std::vector<double>* to) {
    to->insert(to->end(), more.begin(), more.end());
  }

  musl::MeasuredScorer scorer_;
  musl::MeasuredOptions options_;
  MembersOrder order_;
};

musl::SumEvidence sum_of(const Rcpp::List& order) {
  return static_cast<musl::SumEvidence>(Rcpp::as<int>(order["sum"]));
}

}  // namespace

// input, gene_of, options  as cpp_model_predict() takes them
// order                    list(sum, sl, annotation) of cpp_model_partners()
// [[Rcpp::export(rng = false)]]
SEXP cpp_atlas_scorer(SEXP model, Rcpp::Nullable<Rcpp::List> input,
                      std::vector<int> gene_of, Rcpp::List options,
                      Rcpp::List order) {
  const musl::Model& fitted = *Rcpp::XPtr<musl::Model>(model).checked_get();
  const auto how = musl_r::as_predict_options(options);
  std::unique_ptr<musl::Dataset> data;
  if (input.isNotNull()) {
    data = std::make_unique<musl::Dataset>(musl_r::prediction_dataset(
        fitted, Rcpp::List(input.get()), gene_of, how.threads));
  }
  musl_r::OrderRequest lists;
  lists.sum = sum_of(order);
  lists.sl = musl_r::as_pairs(order["sl"]);
  const SEXP annotation = order["annotation"];
  if (!Rf_isNull(annotation)) {
    lists.annotation =
        Rcpp::XPtr<musl::EvidenceStore>(annotation).checked_get();
  }
  std::unique_ptr<musl_r::TileScorer> scorer =
      std::make_unique<musl_r::NetworkScorer>(fitted, std::move(data), how,
                                              lists);
  return musl_r::hand_over(std::move(scorer),
                           Rcpp::List::create(model, annotation));
}

// As cpp_measured_predict() takes them; `store` is NULL for the model's own.
// order  list(sum, sl; learned_screens: then members have weights for lists)
// [[Rcpp::export(rng = false)]]
SEXP cpp_atlas_measured_scorer(SEXP model, SEXP store,
                               std::vector<std::int32_t> gene_of,
                               Rcpp::List options, Rcpp::List order) {
  const musl::MeasuredModel& known =
      *Rcpp::XPtr<musl::MeasuredModel>(model).checked_get();
  musl::MeasuredOptions how;
  how.members = Rcpp::as<std::vector<std::string>>(options["members"]);
  how.rates = Rcpp::as<std::vector<std::string>>(options["rates"]);
  how.threads = Rcpp::as<int>(options["threads"]);
  const bool own = Rf_isNull(store);
  const musl::EvidenceStore& evidence =
      own ? known.store : *Rcpp::XPtr<musl::EvidenceStore>(store).checked_get();
  const auto sum = sum_of(order);
  auto by = MembersOrder::score;
  if (sum == musl::SumEvidence::never) {
    // by the score
  } else if (Rcpp::as<bool>(order["learned_screens"])) {
    by = MembersOrder::list_weights;
  } else if (sum == musl::SumEvidence::always ||
             musl::test_evidence(evidence, musl_r::as_pairs(order["sl"]),
                                 /*seed=*/1, how.threads)
                 .tells()) {
    by = MembersOrder::evidence;
  }
  std::unique_ptr<musl_r::TileScorer> scorer = std::make_unique<MembersScorer>(
      known, evidence, own ? std::vector<std::int32_t>{} : std::move(gene_of),
      std::move(how), by);
  return musl_r::hand_over(std::move(scorer), Rcpp::List::create(model, store));
}

// (genes) what take_off_means() of lists needs of each gene; none if the score
// orders them.
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_atlas_mean_scores(SEXP scorer,
                                          std::vector<std::int32_t> genes,
                                          std::vector<std::int32_t> others) {
  const auto* network = dynamic_cast<const musl_r::NetworkScorer*>(
      TileScorerPointer(scorer).checked_get());
  if (network == nullptr || network->order() == nullptr) return {};
  return musl::mean_scores(genes, std::move(others),
                           [&](const musl::PairSet& pairs) {
                             return network->network().score(pairs).score;
                           });
}

// What orders a list once its shortlist is ranked by what scores have above
// each candidate's mean.
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_take_off_means(std::vector<double> order,
                                       std::vector<double> mean) {
  musl::take_off_means(mean, &order);
  return order;
}
