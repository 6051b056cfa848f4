#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "learners/expression_gate.h"
#include "learners/measured_columns.h"
#include "learners/measured_ensemble.h"
#include "learners/start_model.h"
#include "musl/measured_model.h"

namespace musl {

namespace {

/// The part of `neural` from two single genes; empty if it is not used.
std::vector<double> heard_heads(const MeasuredModel& model,
                                const std::vector<std::string>& members,
                                const EvidenceStore& store,
                                const std::vector<std::int32_t>& gene_of,
                                std::int32_t a, std::int32_t b) {
  if (!holds(members, "pair_net")) return {};
  const auto inputs =
      neural_inputs(model.neural.inputs, model.store, store, gene_of, {a, b});
  return NeuralHeads(model.neural, inputs, /*threads=*/1)
      .of({0}, {1}, /*threads=*/1);
}

ColumnShare gate_share(const EvidenceStore& store, std::int32_t line,
                       std::int32_t a, std::int32_t b) {
  const ExpressionGate gate(store, line);
  const auto lower = gate.lower(a, b);
  const std::string name = lower.in_line ? "expressed_here" : "expressed_lines";
  return {name,        "expression", name, /*of_pair=*/false,
          lower.value, gate.of(a, b)};
}

}  // namespace

std::vector<ColumnShare> explain_measured(
    const MeasuredModel& model, const EvidenceStore& store,
    const std::vector<std::int32_t>& gene_of, std::int32_t a, std::int32_t b,
    const PredictOptions& options) {
  const PairSet pair{{a}, {b}, {}};
  check_pairs(pair, store.n_genes);
  const auto members = scorers_asked(model, options.scorers);
  Matrix x = ModelColumns(model.columns, store).of(pair, options.threads);
  const Matrix given = x;
  keep_within(model.reach, &x);
  std::vector<ColumnShare> out;
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    const auto& column = model.columns[j];
    const float value = given(0, static_cast<Eigen::Index>(j));
    const float counted = x(0, static_cast<Eigen::Index>(j));
    out.push_back({column.name, column.group, column.words, column.of_pair,
                   value, 0, !std::isnan(value) && value != counted});
  }
  if (model.has_measured()) {
    out.push_back(gate_share(store, options.line, a, b));
  }
  const HeardWeights weights = heard_weights(model.weights, members);
  const Ensemble ensemble(model, options.threads);
  const Asked asked = ensemble.asked(
      members, x, heard_heads(model, members, store, gene_of, a, b),
      heard_places(model, members, gene_of, pair));
  for (std::size_t m = 0; m < members.size(); ++m) {
    const auto shares = ensemble.shares(members[m], asked);
    for (std::size_t j = 0; j < shares.size(); ++j) {
      out[j].contribution += weights.score[m] * shares[j];
    }
    if (members[m] != "pair_net" && members[m] != "terms") continue;
    // Less its constant, like the other members.
    const double said =
        members[m] == "pair_net"
            ? asked.heads[0]
            : ensemble.hear("terms", asked, /*parts=*/false).score[0] -
                  model.terms.intercept;
    out.push_back({"single genes", "genes", "single genes", /*of_pair=*/false,
                   std::numeric_limits<double>::quiet_NaN(),
                   weights.score[m] * said});
  }
  if (model.start.model && options.scorers.empty()) {
    add_start(
        model.start,
        explain_measured(*model.start.model, store,
                         genes_of_start(model.start, gene_of), a, b, options),
        &out);
  }
  return out;
}

}  // namespace musl
