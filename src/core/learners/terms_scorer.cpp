#include <vector>

#include "base/numbers.h"
#include "io/archive_fields.h"
#include "learners/feature_scorers.h"
#include "learners/gene_places.h"
#include "learners/linear_scorers.h"
#include "learners/measured_scorer.h"
#include "learners/scorer_kind.h"

namespace musl {

namespace {

/// On the annotation of both genes, which relates none.
class TermsOnStore final : public StoreScorer {
 public:
  explicit TermsOnStore(const OnStore& known)
      : path_(known.model.part<TermsScorer>().path),
        store_(known.model.store),
        gene_of_(known.gene_of) {}

  [[nodiscard]] ScorerOutput score(const ScorerInput& x, bool parts,
                                   int /*threads*/) const override {
    ScorerOutput out{predict_logistic(path_, places(x)), {}};
    if (parts) out.relation.assign(out.score.size(), 0.0);
    return out;
  }
  [[nodiscard]] std::vector<double> shares(const ScorerInput& x,
                                           int /*threads*/) const override {
    return std::vector<double>(at(x.raw.cols() + x.scaled.cols()), 0.0);
  }
  [[nodiscard]] double of_genes(const ScorerInput& x) const override {
    return predict_logistic(path_, places(x))[0] - path_.intercept;
  }

 private:
  [[nodiscard]] Matrix places(const ScorerInput& x) const {
    return gene_places(store_, gene_of_, x.pairs);
  }

  const LogisticModel& path_;
  const GeneStore& store_;
  const std::vector<std::int32_t>& gene_of_;
};

const bool kTermsAreAScorer = [] {
  ScorerKind kind;
  kind.name = "terms";
  kind.place = 6;
  kind.is_fitted = [](const MeasuredModel& model) {
    return !model.part<TermsScorer>().path.coefficient.empty();
  };
  kind.on = [](const OnStore& known) -> std::unique_ptr<StoreScorer> {
    return std::make_unique<TermsOnStore>(known);
  };
  kind.fit_recorded = [](const RecordedFit& from, MeasuredModel* to) {
    if (gene_places_width(to->store) == 0 ||
        !is_wanted(from.config.scorers, "terms")) {
      return;
    }
    auto& path = to->part<TermsScorer>().path;
    path = fit_logistic(gene_places(to->store, {}, from.recorded),
                        from.recorded.label, from.weight, from.config.terms,
                        from.threads);
    path.intercept -= from.log_share;
    to->weights["terms"] = 1 - from.config.recorded;
  };
  kind.write = [](const std::string& prefix, const MeasuredModel& model,
                  Archive* archive) {
    const auto& path = model.part<TermsScorer>().path;
    if (path.coefficient.empty()) return;
    visit_logistic(TensorWriter(prefix, archive), "terms", path);
  };
  kind.read = [](const ScorerArchive& from, MeasuredModel* to) {
    if (to->weights.of("terms") == 0) return;
    auto& path = to->part<TermsScorer>().path;
    visit_logistic(TensorReader(from.prefix, from.archive), "terms", path);
    check_logistic(path, gene_places_width(to->store));
  };
  return register_scorer(std::move(kind));
}();

}  // namespace

}  // namespace musl
