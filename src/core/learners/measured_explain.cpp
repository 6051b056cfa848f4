#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "learners/measured_scorer.h"
#include "learners/scorer_kind.h"
#include "learners/start_model.h"
#include "musl/gene_status.h"
#include "musl/measured_model.h"

namespace musl {

namespace {

using Counts = std::vector<std::int32_t>;

/// Entries of each row.
Counts row_sizes(const std::vector<std::int64_t>& offset, std::int64_t n) {
  Counts out(at(n), 0);
  for (std::size_t g = 0; g + 1 < offset.size(); ++g) {
    out[g] = static_cast<std::int32_t>(offset[g + 1] - offset[g]);
  }
  return out;
}

Counts count_cohorts(const GeneStore& store) {
  Counts out(at(store.n_genes), 0);
  for (const auto& cohort : store.part<Cohorts>()) {
    for (std::size_t g = 0; g < cohort.mean.size(); ++g) {
      if (!std::isnan(cohort.mean[g])) ++out[g];
    }
  }
  return out;
}

}  // namespace

GeneCoverage gene_coverage(const MeasuredModel& model) {
  const GeneStore& store = model.store;
  const std::int64_t n = store.n_genes;
  GeneCoverage out{count_cohorts(store),
                   row_sizes(store.part<Network>().graph.offset, n),
                   row_sizes(store.part<Terms>().sets.offset, n),
                   row_sizes(store.part<Families>().sets.offset, n),
                   row_sizes(store.part<Modules>().sets.offset, n),
                   Counts(at(n), 0),
                   Counts(at(n), 0)};
  const PairSet pairs = measured_pairs(model);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    for (const std::int32_t gene : {pairs.a[i], pairs.b[i]}) {
      ++out.measured[at(gene)];
      if (pairs.label[i] > 0.5F) ++out.hits[at(gene)];
    }
  }
  return out;
}

namespace {

constexpr double kFloor = .02;
constexpr double kShareWeight = .25, kLevelWeight = .5;

std::vector<float> levels_in(const LineExpression& lines, std::int32_t line,
                             std::int64_t n_genes) {
  if (line < 0) return {};
  std::vector<float> out;
  for (std::int32_t g = 0; g < n_genes; ++g) {
    out.push_back(lines.level(g, at(line)));
  }
  return out;
}

}  // namespace

ExpressionGate::ExpressionGate(const GeneStore& store, std::int32_t line)
    : share_(expressed_share(store)),
      level_(levels_in(store.part<LineExpression>(), line, store.n_genes)) {
  const bool none = std::all_of(share_.begin(), share_.end(),
                                [](float share) { return std::isnan(share); });
  if (none) share_.clear();
}

ExpressionGate::Lower ExpressionGate::lower(std::int32_t a,
                                            std::int32_t b) const {
  if (!level_.empty()) {
    const float x = level_[at(a)], y = level_[at(b)];
    if (!std::isnan(x) && !std::isnan(y)) return {true, std::min(x, y)};
  }
  if (share_.empty()) return {false, kNaN};
  const float x = share_[at(a)], y = share_[at(b)];
  return {false, std::isnan(x) || std::isnan(y) ? kNaN : std::min(x, y)};
}

double ExpressionGate::of(std::int32_t a, std::int32_t b) const {
  if (share_.empty()) return 0;
  const Lower known = lower(a, b);
  if (known.in_line) {
    const double s = expressed_at(static_cast<float>(known.value));
    return kLevelWeight * std::log(kFloor + s);
  }
  const auto share = [&](std::int32_t gene) {
    const float s = share_[at(gene)];
    return std::isnan(s) ? .5 : static_cast<double>(s);
  };
  return kShareWeight * std::log(kFloor + std::min(share(a), share(b)));
}

namespace {

ColumnShare gate_share(const GeneStore& store, std::int32_t line,
                       std::int32_t a, std::int32_t b) {
  const ExpressionGate gate(store, line);
  const auto lower = gate.lower(a, b);
  const std::string name = lower.in_line ? "expressed_here" : "expressed_lines";
  const double weight = gate.of(a, b);
  return {name,        "expression", name,  /*of_pair=*/false,
          lower.value, weight,       weight};
}

}  // namespace

std::vector<ColumnShare> MeasuredScorer::explain(
    std::int32_t a, std::int32_t b, const PredictOptions& options) const {
  const PairSet pair{{a}, {b}, {}};
  check_pairs(pair, store_.n_genes);
  const auto scorers = used_scorers(model_, options.scorers);
  const Matrix given = columns_.of(pair, options.threads);
  const ScorerInput input = input_of(pair, scorers, given, options.threads);
  const auto on_store = prepared(scorers, pair, options.threads);
  std::vector<ColumnShare> out;
  for (std::size_t j = 0; j < model_.columns.size(); ++j) {
    const auto& column = model_.columns[j];
    const auto place = static_cast<Eigen::Index>(j);
    const float value = given(0, place);
    // Scaled columns have no reach.
    const bool beyond = place < input.raw.cols() && !std::isnan(value) &&
                        value != input.raw(0, place);
    out.push_back({column.name, column.group, column.words, column.of_pair,
                   value, 0, 0, beyond});
  }
  if (model_.has_measured()) {
    out.push_back(gate_share(store_, options.line, a, b));
  }
  const std::vector<double> weights = used_weights(model_.weights, scorers);
  const bool of_all = options.scorers.empty() && model_.has_measured();
  const auto of_lists =
      of_all ? used_weights(list_weights(), scorers, /*others=*/true) : weights;
  for (std::size_t m = 0; m < scorers.size(); ++m) {
    if (weights[m] == 0 && of_lists[m] == 0) continue;
    const auto shares = on_store[m]->shares(input, options.threads);
    for (std::size_t j = 0; j < shares.size(); ++j) {
      out[j].contribution += weights[m] * shares[j];
      out[j].order += of_lists[m] * shares[j];
    }
    const double of_genes = on_store[m]->of_genes(input);
    if (std::isnan(of_genes)) continue;
    out.push_back({"single genes", "genes", "single genes", /*of_pair=*/false,
                   kNaN, weights[m] * of_genes, of_lists[m] * of_genes});
  }
  if (start_ && options.scorers.empty()) {
    add_start(model_.start, nearness(n_measured(a), n_measured(b)),
              is_at_home(a, b, options)
                  ? start_at_home_->explain(start_genes_[at(a)],
                                            start_genes_[at(b)], options)
                  : start_->explain(a, b, options),
              &out);
  }
  return out;
}

}  // namespace musl
