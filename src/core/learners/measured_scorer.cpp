#include "learners/measured_scorer.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/prediction.h"
#include "base/sorted_ids.h"
#include "learners/expression_gate.h"
#include "learners/model_columns.h"
#include "learners/reach.h"
#include "learners/scorer_kind.h"
#include "learners/scorer_weights.h"
#include "learners/start_model.h"

namespace musl {

namespace {

// Number of pairs whose columns are computed at a time: a few megabytes.
constexpr std::int64_t kPairsAtOnce = 16384;

/// The gene in the model's universe, -1 for none.
std::int32_t known_gene(const std::vector<std::int32_t>& gene_of,
                        std::int32_t gene) {
  return gene_of.empty() ? gene : gene_of[static_cast<std::size_t>(gene)];
}

/// The scorers predict a gene's rate, but too weakly. Chosen on held-out
/// queries of a screen, with the prior of the rate as above.
constexpr double kRateWeight = 2;

/// Adds by(i) to what is said of pair i.
template <class By>
void add_to_scores(const By& by, Prediction* scores) {
  for (std::size_t i = 0; i < scores->score.size(); ++i) {
    const double more = by(i);
    scores->score[i] += more;
    scores->list_order[i] += more;
  }
}

/// 1 for a measured hit, 0 for a non-hit, -1 for a pair not measured.
std::int8_t was_measured(const MeasuredModel& model, std::int32_t a,
                         std::int32_t b) {
  if (a < 0 || b < 0) return -1;
  const auto found =
      position_of(model.measured_key, pair_key(a, b, model.store.n_genes));
  if (found < 0) return -1;
  return model.measured_hit[at(found)] != 0 ? 1 : 0;
}

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

MeasuredScorer::MeasuredScorer(const MeasuredModel& model,
                               const GeneStore& store,
                               std::vector<std::int32_t> gene_of)
    : model_(model),
      store_(store),
      gene_of_(std::move(gene_of)),
      columns_(model.columns, store),
      scorers_(scorer_names(model)) {
  for (const auto& scorer : scorers_) {
    on_store_.push_back(scorer_kind(scorer).on({model_, store_, gene_of_}));
  }
  if (model.start.model) {
    const MeasuredModel& start = *model.start.model;
    start_genes_ = genes_of_start(model.start, gene_of_);
    start_ = std::make_unique<MeasuredScorer>(start, store, start_genes_);
    start_at_home_ = std::make_unique<MeasuredScorer>(
        start, start.store, std::vector<std::int32_t>{});
    measured_pairs_ = measured_pairs_of(model);
  }
}

bool MeasuredScorer::is_at_home(std::int32_t a, std::int32_t b,
                                const PredictOptions& options) const {
  return options.line < 0 && start_genes_[at(a)] >= 0 &&
         start_genes_[at(b)] >= 0;
}

Prediction MeasuredScorer::predict_start(const PairSet& pairs,
                                         const PredictOptions& options) const {
  PairSet parts[2];
  std::vector<std::size_t> rows[2];
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const std::int32_t a = pairs.a[i], b = pairs.b[i];
    const bool home = is_at_home(a, b, options);
    PairSet& part = parts[home ? 1 : 0];
    part.a.push_back(home ? start_genes_[at(a)] : a);
    part.b.push_back(home ? start_genes_[at(b)] : b);
    rows[home ? 1 : 0].push_back(i);
  }
  Prediction out;
  out.score.resize(pairs.a.size());
  out.list_order = out.score;
  if (options.parts) out.relation = out.score;
  out.measured.resize(pairs.a.size());
  for (const int home : {0, 1}) {
    if (rows[home].empty()) continue;
    const MeasuredScorer& scorer = home == 1 ? *start_at_home_ : *start_;
    const Prediction found = scorer.predict(parts[home], options);
    for (std::size_t k = 0; k < rows[home].size(); ++k) {
      const std::size_t i = rows[home][k];
      out.score[i] = found.score[k];
      out.list_order[i] = found.list_order[k];
      if (options.parts) out.relation[i] = found.relation[k];
      out.measured[i] = found.measured[k];
    }
  }
  return out;
}

double MeasuredScorer::n_measured(std::int32_t gene) const {
  const std::int32_t known = known_gene(gene_of_, gene);
  return known < 0 ? 0 : measured_pairs_[at(known)];
}

Matrix MeasuredScorer::columns(const PairSet& pairs, int threads) const {
  check_pairs(pairs, store_.n_genes);
  return columns_.of(pairs, threads);
}

double hit_probability(double log_odds, double prior, double unexplained) {
  const double explained = sigmoid(log_odds + logit(prior));
  return explained + unexplained * (prior - explained);
}

ScorerInput MeasuredScorer::input_of(const PairSet& pairs,
                                     const std::vector<std::string>& scorers,
                                     Matrix columns, int threads) const {
  keep_within(model_.reach, &columns);
  const Eigen::Index n_raw = count_raw(model_.columns);
  ScorerInput out;
  out.pairs = pairs;
  out.raw = columns.leftCols(n_raw);
  out.scaled = columns.rightCols(columns.cols() - n_raw);
  if (any_reads_linear(scorers)) {
    out.linear = linear_columns(model_.scores, out.raw, out.scaled, threads);
  }
  return out;
}

std::vector<StoreScorer*> MeasuredScorer::prepared(
    const std::vector<std::string>& scorers, const PairSet& pairs,
    int threads) const {
  std::vector<StoreScorer*> out;
  for (const auto& scorer : scorers) {
    const auto found = std::find(scorers_.begin(), scorers_.end(), scorer);
    out.push_back(on_store_[at(found - scorers_.begin())].get());
    out.back()->prepare(pairs, threads);
  }
  return out;
}

void MeasuredScorer::add_scorers(const PairSet& pairs,
                                 const PredictOptions& options,
                                 Prediction* out) const {
  const auto weights = used_weights(model_.weights, out->scorers);
  const bool of_all = options.scorers.empty() && model_.has_measured();
  const auto for_lists =
      of_all ? used_weights(list_weights(), out->scorers, /*others=*/true)
             : weights;
  // Genes recur in many blocks: each is read once.
  const auto on_store = prepared(out->scorers, pairs, options.threads);
  for (std::int64_t first = 0; first < pairs.size(); first += kPairsAtOnce) {
    const std::int64_t last = std::min(pairs.size(), first + kPairsAtOnce);
    const PairSet some = some_pairs(pairs, first, last);
    const ScorerInput input =
        input_of(some, out->scorers, columns_.of(some, options.threads),
                 options.threads);
    for (std::size_t m = 0; m < on_store.size(); ++m) {
      const ScorerOutput of_one =
          on_store[m]->score(input, options.parts, options.threads);
      for (std::int64_t i = first; i < last; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const auto at = static_cast<std::size_t>(i - first);
        out->score[k] += weights[m] * of_one.score[at];
        out->list_order[k] += for_lists[m] * of_one.score[at];
        if (options.parts) {
          out->relation[k] += weights[m] * of_one.relation[at];
        }
        out->scorer_scores(i, static_cast<Eigen::Index>(m)) =
            static_cast<float>(of_one.score[at]);
      }
    }
  }
}

Prediction MeasuredScorer::predict(const PairSet& pairs,
                                   const PredictOptions& options) const {
  check_pairs(pairs, store_.n_genes);
  Prediction out;
  out.scorers = used_scorers(model_, options.scorers);
  const auto n = static_cast<std::size_t>(pairs.size());
  out.score.assign(n, 0);
  out.list_order = out.score;
  if (options.parts) out.relation = out.single_gene = out.score;
  out.scorer_scores.resize(pairs.size(), size_of(out.scorers));
  add_scorers(pairs, options, &out);
  if (model_.has_measured()) {
    const ExpressionGate gate(store_, options.line);
    add_to_scores(
        [&](std::size_t i) { return gate.of(pairs.a[i], pairs.b[i]); }, &out);
  }
  std::vector<std::int8_t> before(n, -1);
  if (start_ && options.scorers.empty()) {
    PredictOptions all = options;
    all.rates.clear();
    const Prediction by_start = predict_start(pairs, all);
    std::vector<double> near;
    for (std::size_t i = 0; i < n; ++i) {
      near.push_back(nearness(n_measured(pairs.a[i]), n_measured(pairs.b[i])));
    }
    add_start(model_.start, by_start, near, &out);
    before = by_start.measured;
  }
  for (const double log_odds : out.score) {
    out.probability.push_back(
        hit_probability(log_odds, options.prior, model_.unexplained));
  }
  for (const auto& name : options.rates) {
    const auto terms = rate_terms(model_, name);
    const auto of = [&](std::int32_t gene) {
      const std::int32_t known = known_gene(gene_of_, gene);
      return known < 0 ? 0.0 : terms[at(known)];
    };
    add_to_scores(
        [&](std::size_t i) { return of(pairs.a[i]) + of(pairs.b[i]); }, &out);
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (options.parts) out.single_gene[i] = out.score[i] - out.relation[i];
    const auto own = was_measured(model_, known_gene(gene_of_, pairs.a[i]),
                                  known_gene(gene_of_, pairs.b[i]));
    out.measured.push_back(own >= 0 ? own : before[i]);
  }
  return out;
}

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

Prediction predict_measured(const MeasuredModel& model, const GeneStore& store,
                            const std::vector<std::int32_t>& gene_of,
                            const PairSet& pairs,
                            const PredictOptions& options) {
  return MeasuredScorer(model, store, gene_of).predict(pairs, options);
}

std::vector<double> rate_terms(const MeasuredModel& model,
                               const std::string& name) {
  for (const auto& rates : model.rates) {
    if (rates.name != name) continue;
    std::vector<double> terms(rates.log_ratio.begin(), rates.log_ratio.end());
    for (double& term : terms) term *= kRateWeight;
    return terms;
  }
  throw InputError("The model has no partner rates of \"" + name + "\".");
}

std::vector<double> score_weights(const MeasuredModel& model,
                                  const std::vector<std::string>& scorers) {
  return used_weights(model.weights, used_scorers(model, scorers));
}

PairSet measured_pairs(const MeasuredModel& model) {
  PairSet out = pairs_of(model.measured_key, model.store.n_genes);
  for (const auto hit : model.measured_hit) {
    out.label.push_back(hit != 0 ? 1.0F : 0.0F);
  }
  return out;
}

}  // namespace musl
