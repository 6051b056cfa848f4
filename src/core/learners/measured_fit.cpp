#include "learners/measured_fit.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/prediction.h"
#include "base/rng.h"
#include "judge/calibration.h"
#include "learners/expression_gate.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/model_columns.h"
#include "learners/reach.h"
#include "learners/scorer_kind.h"
#include "learners/scorer_weights.h"
#include "learners/start_model.h"
#include "learners/tree_scorers.h"
#include "learners/weigh_measured.h"

namespace musl {

namespace {

constexpr std::int64_t kReference = 8000;  // rows of each half
constexpr std::uint64_t kReferenceStream = 2;
constexpr std::uint64_t kStackStream = 4;

/// Measured rows.
std::vector<std::int32_t> rows_where(const TrainingRows& rows, bool drawn) {
  std::vector<std::int32_t> out;
  for (std::size_t i = 0; i < rows.drawn.size(); ++i) {
    if (rows.study[i] >= 0 && (rows.drawn[i] != 0) == drawn) {
      out.push_back(static_cast<std::int32_t>(i));
    }
  }
  return out;
}

/// At most `n` of the rows, sampled without replacement.
std::vector<std::int32_t> some_of(const std::vector<std::int32_t>& rows,
                                  std::int64_t n, std::uint64_t seed) {
  if (size_of(rows) <= n) return rows;
  const auto order = Rng(seed).permutation(size_of(rows));
  std::vector<std::int32_t> out;
  for (std::int64_t i = 0; i < n; ++i) {
    out.push_back(rows[at(order[at(i)])]);
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Random pairs of the measured genes.
PairSet random_pairs(const TrainingRows& rows, std::int64_t n,
                     std::uint64_t seed) {
  const auto genes = once(rows.pairs.a, rows.pairs.b);
  Rng rng(seed);
  PairSet out;
  while (out.size() < n) {
    const auto draw = [&] { return genes[rng.below(genes.size())]; };
    const std::int32_t a = draw(), b = draw();
    if (a == b) continue;
    out.a.push_back(a);
    out.b.push_back(b);
  }
  return out;
}

/// Columns of pairs: raw, and on the scale of evidence.
struct ColumnsOfPairs {
  Matrix raw, scaled;
};

ColumnsOfPairs columns_of(const GeneStore& store, const PairSet& pairs,
                          int threads) {
  const Matrix all = pair_evidence(store, pairs, threads);
  ColumnsOfPairs out{all.leftCols(count_raw(evidence_columns(store))), {}};
  out.scaled = all.rightCols(all.cols() - out.raw.cols());
  return out;
}

/// Half measured pairs, half random pairs of the same genes; without labels.
/// Otherwise nearly all would be rows of studies so large that their non-hits
/// are sampled.
Matrix reference_sample(const GeneStore& store, const TrainingRows& rows,
                        const Matrix& raw, std::uint64_t seed, int threads) {
  auto chosen = rows_where(rows, /*drawn=*/false);
  if (chosen.empty()) chosen = rows_where(rows, /*drawn=*/true);
  chosen = some_of(chosen, kReference, derive_seed(seed, 0));
  const auto n = size_of(chosen);
  const PairSet random = random_pairs(rows, n, derive_seed(seed, 1));
  Matrix out(2 * n, raw.cols());
  for (std::int64_t i = 0; i < n; ++i) {
    out.row(i) = raw.row(chosen[at(i)]);
  }
  out.bottomRows(n) = columns_of(store, random, threads).raw;
  return out;
}

/// Stores which pairs were measured, and whether ever as a hit. Labels of
/// weight 0 tell that only of pairs without another.
void remember_measured(const MeasuredPairs& measured, MeasuredModel* out) {
  struct One {
    std::int64_t key;
    bool without_weight, hit;
  };
  std::vector<One> all;
  const PairSet& pairs = measured.pairs;
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    all.push_back({pair_key(pairs.a[i], pairs.b[i], out->store.n_genes),
                   measured.weight[i] <= 0, pairs.label[i] > 0.5F});
  }
  std::stable_sort(all.begin(), all.end(), [](const One& x, const One& y) {
    return std::pair(x.key, x.without_weight) <
           std::pair(y.key, y.without_weight);
  });
  bool counted = false;  // whether labels of the last pair have weight
  for (const One& one : all) {
    if (out->measured_key.empty() || out->measured_key.back() != one.key) {
      counted = !one.without_weight;
      out->measured_key.push_back(one.key);
      out->measured_hit.push_back(one.hit ? 1 : 0);
    } else if (one.without_weight != counted) {
      out->measured_hit.back() |= one.hit ? 1 : 0;
    }
  }
}

void check_go_on(const std::function<bool()>& go_on) {
  if (go_on && !go_on()) throw CancelledError("Interrupted.");
}

/// The columns of measured rows.
Matrix measured_rows(const TrainingRows& rows, const Matrix& raw) {
  Matrix out(raw.rows(), raw.cols());
  Eigen::Index n = 0;
  for (Eigen::Index i = 0; i < raw.rows(); ++i) {
    if (rows.study[at(i)] >= 0) out.row(n++) = raw.row(i);
  }
  return out.topRows(n);
}

/// The random pairs among the rows, each once.
PairSet background_of(const TrainingRows& rows) {
  PairSet out;
  for (std::size_t i = 0; i < rows.study.size(); ++i) {
    if (rows.study[i] >= 0 || rows.pairs.label[i] > 0.5F) continue;
    out.a.push_back(rows.pairs.a[i]);
    out.b.push_back(rows.pairs.b[i]);
  }
  return out;
}

/// Gives what learned from measured pairs the level at which random pairs are
/// hits at this rate. Where columns hardly tell them from a library of more
/// hits, each scorer would have given them its rate.
void level_random_pairs(const PairSet& random, double rate, int threads,
                        MeasuredModel* model) {
  if (random.size() == 0) return;
  PredictOptions options;
  options.parts = false;
  options.threads = threads;
  // What is unexplained has the prior in any case.
  const double prior = logit(rate);
  for (const auto& name : scorer_names(*model)) {
    const auto& kind = scorer_kind(name);
    if (kind.constant == nullptr) continue;
    options.scorers = {name};
    auto log_odds =
        predict_measured(*model, model->store, {}, random, options).score;
    for (double& x : log_odds) x += prior;
    kind.constant(model) += shift_for_mean(log_odds, rate);
  }
}

/// What the model to start from says of the rows, without the gate, which the
/// own scorers lack too.
std::vector<double> scores_by_start(const MeasuredModel& model,
                                    const PairSet& pairs, int threads) {
  PredictOptions options;
  options.parts = false;
  options.threads = threads;
  auto out = MeasuredScorer(model, model.store, {})
                 .predict_start(pairs, options)
                 .score;
  const ExpressionGate gate(model.store, -1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] -= gate.of(pairs.a[i], pairs.b[i]);
  }
  return out;
}

/// Gives scorers that are not wanted no weight, and those that learn the
/// outcome from all columns a sum of one.
void share_weights(const std::vector<std::string>& wanted,
                   MeasuredModel* model) {
  ScorerWeights& weights = model->weights;
  keep_weights(wanted, &weights);
  double sum = 0;
  for (const auto& kind : scorer_kinds()) {
    if (!kind.of_outcome) continue;
    if (!kind.is_fitted(*model)) weights[kind.name] = 0;
    sum += weights.of(kind.name);
  }
  if (sum == 0) return;
  for (const auto& kind : scorer_kinds()) {
    if (kind.of_outcome) weights[kind.name] /= sum;
  }
}

}  // namespace

MeasuredModel fit_measured(GeneStore store, const MeasuredPairs& measured,
                           const PairSet& recorded,
                           const MeasuredConfig& config, std::uint64_t seed,
                           int threads, const std::function<bool()>& go_on) {
  const TrainingRows rows = weigh_measured(
      measured, config.weighing, store.n_genes, derive_seed(seed, kDrawStream));
  MeasuredModel out;
  out.store = std::move(store);
  out.columns = evidence_columns(out.store);
  out.weights = config.weights;
  out.unexplained = config.unexplained;
  remember_measured(measured, &out);
  out.rates = partner_rates(measured, out.store.n_genes);
  const auto [raw, scaled] = columns_of(out.store, rows.pairs, threads);
  out.reach = reach_of(out.columns, measured_rows(rows, raw));
  out.scores = fit_normal_scores(reference_sample(
      out.store, rows, raw, derive_seed(seed, kReferenceStream), threads));
  check_go_on(go_on);
  const Matrix linear = linear_columns(out.scores, raw, scaled, threads);
  const MeasuredFit from{measured, recorded, config, rows,    raw,
                         scaled,   linear,   seed,   threads, go_on};
  for (const auto& kind : scorer_kinds()) {
    if (kind.fit_measured != nullptr) kind.fit_measured(from, &out);
  }
  out.start = config.start;
  if (out.start.model) {
    const auto by_start = scores_by_start(out, rows.pairs, threads);
    MeasuredConfig own = config;
    own.boosting = monotone_boosting(config.boosting, out.columns, raw.cols());
    keep_weights(config.scorers, &own.weights);
    out.start.weight = start_weight({rows, linear, raw, by_start}, own,
                                    derive_seed(seed, kStackStream), threads);
  }
  share_weights(config.scorers, &out);
  level_random_pairs(background_of(rows), config.weighing.background_rate,
                     threads, &out);
  return out;
}

}  // namespace musl
