#include "learners/tree_scorers.h"

#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "learners/boosted_trees.h"
#include "learners/feature_scorers.h"
#include "learners/linear_scorers.h"
#include "learners/measured_scorer.h"
#include "learners/model_columns.h"
#include "learners/scorer_kind.h"
#include "learners/trees_archive.h"

namespace musl {

namespace {

/// Trees on raw columns.
class TreesOnStore final : public StoreScorer {
 public:
  TreesOnStore(const BoostedTrees& trees,
               const std::vector<EvidenceColumn>& columns)
      : trees_(trees), of_pair_(pair_columns(columns, count_raw(columns))) {}

  [[nodiscard]] ScorerOutput score(const ScorerInput& x, bool parts,
                                   int threads) const override {
    if (!parts) return {predict_boosting(trees_, x.raw, threads), {}};
    auto found = boosting_parts(trees_, x.raw, of_pair_, threads);
    return {std::move(found.score), std::move(found.part)};
  }
  [[nodiscard]] std::vector<double> shares(const ScorerInput& x,
                                           int threads) const override {
    std::vector<double> out(at(x.raw.cols() + x.scaled.cols()), 0.0);
    std::vector<std::uint8_t> one(of_pair_.size(), 0);
    for (std::size_t j = 0; j < one.size(); ++j) {
      one[j] = 1;
      out[j] = boosting_parts(trees_, x.raw, one, threads).part[0];
      one[j] = 0;
    }
    return out;
  }

 private:
  const BoostedTrees& trees_;
  std::vector<std::uint8_t> of_pair_;
};

template <class Scorer>
ScorerKind tree_kind(const std::string& name) {
  ScorerKind out;
  out.name = name;
  out.is_fitted = [](const MeasuredModel& model) {
    return !model.part<Scorer>().trees.trees.empty();
  };
  out.on = [](const OnStore& known) -> std::unique_ptr<StoreScorer> {
    return std::make_unique<TreesOnStore>(known.model.part<Scorer>().trees,
                                          known.model.columns);
  };
  return out;
}

const bool kBoostingIsAScorer = [] {
  ScorerKind kind = tree_kind<BoostingScorer>("boosting");
  kind.place = 2;
  kind.weight = .5;
  kind.of_lists = .3;
  kind.of_outcome = true;
  kind.constant = [](MeasuredModel* model) -> double& {
    return model->part<BoostingScorer>().trees.base;
  };
  kind.fit_measured = [](const MeasuredFit& from, MeasuredModel* to) {
    to->part<BoostingScorer>().trees = fit_boosting(
        from.raw, from.rows.pairs.label, from.rows.weight,
        monotone_boosting(from.config.boosting, to->columns, from.raw.cols()),
        from.threads, from.go_on);
  };
  kind.write = [](const std::string& prefix, const MeasuredModel& model,
                  Archive* archive) {
    if (!model.has_measured()) return;
    put_trees(prefix + "boosting", model.part<BoostingScorer>().trees, archive);
  };
  kind.read = [](const ScorerArchive& from, MeasuredModel* to) {
    if (!from.measured) return;
    to->part<BoostingScorer>().trees =
        read_trees(from.prefix + "boosting", from.n_raw, from.archive);
  };
  return register_scorer(std::move(kind));
}();

const bool kRecordedIsAScorer = [] {
  ScorerKind kind = tree_kind<RecordedScorer>("recorded");
  kind.place = 4;
  kind.weight = .1;
  kind.of_lists = .1;
  kind.fit_measured = [](const MeasuredFit& from, MeasuredModel* to) {
    if (from.recorded.size() == 0 ||
        !is_wanted(from.config.scorers, "recorded")) {
      return;
    }
    const Matrix x = pair_evidence(to->store, from.recorded, from.threads)
                         .leftCols(from.raw.cols());
    to->part<RecordedScorer>().trees =
        fit_boosting(x, from.recorded.label, {}, from.config.recorded,
                     from.threads, from.go_on);
  };
  kind.fit_recorded = [](const RecordedFit& from, MeasuredModel* to) {
    auto& trees = to->part<RecordedScorer>().trees;
    trees = fit_boosting(from.raw, from.recorded.label, from.weight,
                         from.config.boosting, from.threads, from.go_on);
    trees.base -= from.log_share;
    to->weights["recorded"] = from.config.recorded;
  };
  kind.write = [](const std::string& prefix, const MeasuredModel& model,
                  Archive* archive) {
    put_trees(prefix + "recorded", model.part<RecordedScorer>().trees, archive);
  };
  kind.read = [](const ScorerArchive& from, MeasuredModel* to) {
    to->part<RecordedScorer>().trees =
        read_trees(from.prefix + "recorded", from.n_raw, from.archive);
  };
  return register_scorer(std::move(kind));
}();

}  // namespace

BoostingConfig monotone_boosting(const BoostingConfig& config,
                                 const std::vector<EvidenceColumn>& columns,
                                 std::int64_t n_raw) {
  BoostingConfig out = config;
  for (std::size_t j = 0; j < at(n_raw); ++j) {
    out.monotone.push_back(columns[j].monotone);
  }
  return out;
}

}  // namespace musl
