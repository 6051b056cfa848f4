#include <cmath>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "learners/expression_gate.h"
#include "learners/measured_scorer.h"
#include "learners/start_model.h"

namespace musl {

namespace {

ColumnShare gate_share(const EvidenceStore& store, std::int32_t line,
                       std::int32_t a, std::int32_t b) {
  const ExpressionGate gate(store, line);
  const auto lower = gate.lower(a, b);
  const std::string name = lower.in_line ? "expressed_here" : "expressed_lines";
  return {name,        "expression", name, /*of_pair=*/false,
          lower.value, gate.of(a, b)};
}

}  // namespace

std::vector<ColumnShare> MeasuredScorer::explain(
    std::int32_t a, std::int32_t b, const PredictOptions& options) const {
  const PairSet pair{{a}, {b}, {}};
  check_pairs(pair, store_.n_genes);
  const auto scorers = used_scorers(model_, options.scorers);
  const Matrix given = columns_.of(pair, options.threads);
  const ScorerInput input =
      input_of(pair, scorers, heads_of(pair, scorers, options.threads), given,
               options.threads);
  std::vector<ColumnShare> out;
  for (std::size_t j = 0; j < model_.columns.size(); ++j) {
    const auto& column = model_.columns[j];
    const auto place = static_cast<Eigen::Index>(j);
    const float value = given(0, place);
    // Scaled columns have no reach.
    const bool beyond = place < input.raw.cols() && !std::isnan(value) &&
                        value != input.raw(0, place);
    out.push_back({column.name, column.group, column.words, column.of_pair,
                   value, 0, beyond});
  }
  if (model_.has_measured()) {
    out.push_back(gate_share(store_, options.line, a, b));
  }
  const std::vector<double> weights = used_weights(model_.weights, scorers);
  for (std::size_t m = 0; m < scorers.size(); ++m) {
    if (weights[m] == 0) continue;
    const auto learner = learner_kind(scorers[m]).make(model_);
    const auto shares = learner->shares(input, options.threads);
    for (std::size_t j = 0; j < shares.size(); ++j) {
      out[j].contribution += weights[m] * shares[j];
    }
    const double of_genes = learner->of_genes(input);
    if (std::isnan(of_genes)) continue;
    out.push_back({"single genes", "genes", "single genes", /*of_pair=*/false,
                   kNaN, weights[m] * of_genes});
  }
  if (start_ && options.scorers.empty()) {
    add_start(model_.start, start_->explain(a, b, options), &out);
  }
  return out;
}

}  // namespace musl
