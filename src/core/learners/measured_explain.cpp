#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "learners/expression_gate.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/scorer_kind.h"
#include "learners/start_model.h"

namespace musl {

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
