#include "learners/linear_scorers.h"

#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "io/archive_fields.h"
#include "learners/feature_scorers.h"
#include "learners/scorer_kind.h"

namespace musl {

namespace {

std::vector<double> linear_part(const LogisticModel& model, const Matrix& x,
                                const std::vector<std::uint8_t>& chosen) {
  LogisticModel part = model;
  part.intercept = 0;
  for (std::size_t j = 0; j < chosen.size(); ++j) {
    if (chosen[j] == 0) part.coefficient[j] = 0;
  }
  return predict_logistic(part, x);
}

/// Logistic regressions on the columns of measured pairs.
template <class Scorer>
ScorerKind linear_kind(const std::string& name) {
  ScorerKind out;
  out.name = name;
  out.is_fitted = [](const MeasuredModel& model) {
    return !model.part<Scorer>().path.coefficient.empty();
  };
  out.constant = [](MeasuredModel* model) -> double& {
    return model->part<Scorer>().path.intercept;
  };
  out.write = [](const std::string& prefix, const MeasuredModel& model,
                 Archive* archive) {
    const auto& path = model.part<Scorer>().path;
    if (path.coefficient.empty()) return;
    visit_logistic(TensorWriter(prefix, archive), Scorer::kArchive, path);
  };
  return out;
}

/// n  coefficients
template <class Scorer>
void read_path(const ScorerArchive& from, std::int64_t n, MeasuredModel* to) {
  if (!from.measured) return;
  auto& path = to->part<Scorer>().path;
  visit_logistic(TensorReader(from.prefix, from.archive), Scorer::kArchive,
                 path);
  check_logistic(path, n);
}

const bool kLinearIsAScorer = [] {
  ScorerKind kind = linear_kind<LinearScorer>("linear");
  kind.place = 1;
  kind.weight = .25;
  kind.of_lists = .1;
  kind.of_outcome = true;
  kind.reads_linear = true;
  kind.on = [](const OnStore& known) -> std::unique_ptr<StoreScorer> {
    const auto& columns = known.model.columns;
    return std::make_unique<LinearPath>(
        known.model.part<LinearScorer>().path, &ScorerInput::linear,
        pair_columns(columns, size_of(columns)));
  };
  kind.fit_measured = [](const MeasuredFit& from, MeasuredModel* to) {
    to->part<LinearScorer>().path =
        fit_logistic(from.linear, from.rows.pairs.label, from.rows.weight,
                     from.config.linear, from.threads);
  };
  kind.read = [](const ScorerArchive& from, MeasuredModel* to) {
    read_path<LinearScorer>(from, from.n, to);
  };
  return register_scorer(std::move(kind));
}();

// Knows which partner is particular; across screens of chosen pairs it costs
// accuracy, so that it orders lists and is no part of the score.
const bool kRelationIsAScorer = [] {
  ScorerKind kind = linear_kind<RelationScorer>("relation");
  kind.place = 5;
  kind.weight = .3;
  kind.of_lists = 2;
  kind.on = [](const OnStore& known) -> std::unique_ptr<StoreScorer> {
    const auto& path = known.model.part<RelationScorer>().path;
    return std::make_unique<LinearPath>(
        path, &ScorerInput::scaled,
        std::vector<std::uint8_t>(path.coefficient.size(), 1));
  };
  kind.fit_measured = [](const MeasuredFit& from, MeasuredModel* to) {
    to->part<RelationScorer>().path =
        fit_logistic(from.scaled, from.rows.pairs.label, from.rows.weight,
                     from.config.linear, from.threads);
  };
  kind.read = [](const ScorerArchive& from, MeasuredModel* to) {
    read_path<RelationScorer>(from, from.n - from.n_raw, to);
  };
  return register_scorer(std::move(kind));
}();

}  // namespace

std::vector<std::uint8_t> pair_columns(
    const std::vector<EvidenceColumn>& columns, std::int64_t n) {
  std::vector<std::uint8_t> out;
  for (std::size_t j = 0; j < at(n); ++j) {
    out.push_back(columns[j].of_pair ? 1 : 0);
  }
  return out;
}

LinearPath::LinearPath(const LogisticModel& path, Matrix ScorerInput::*columns,
                       std::vector<std::uint8_t> of_pair)
    : path_(path), columns_(columns), of_pair_(std::move(of_pair)) {}

ScorerOutput LinearPath::score(const ScorerInput& x, bool parts,
                               int /*threads*/) const {
  ScorerOutput out{predict_logistic(path_, x.*columns_), {}};
  if (parts) out.relation = linear_part(path_, x.*columns_, of_pair_);
  return out;
}

std::vector<double> LinearPath::shares(const ScorerInput& x,
                                       int /*threads*/) const {
  const Matrix& read = x.*columns_;
  // The others stand before.
  std::vector<double> out(at(x.raw.cols() + x.scaled.cols() - read.cols()));
  for (Eigen::Index j = 0; j < read.cols(); ++j) {
    out.push_back(path_.coefficient[at(j)] * read(0, j));
  }
  return out;
}

void check_logistic(const LogisticModel& model, std::int64_t n) {
  require_scorers(size_of(model.coefficient) == n,
                  "a linear scorer has another size than its columns.");
}

}  // namespace musl
