#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "learners/feature_learner.h"
#include "learners/measured_scorer.h"
#include "musl/calibration.h"
#include "musl/error.h"
#include "musl/measured_model.h"
#include "musl/rng.h"

namespace musl {

namespace {

constexpr std::int64_t kReference = 8000;  // rows of each half
constexpr std::uint64_t kDrawStream = 1;
constexpr std::uint64_t kReferenceStream = 2;
constexpr std::uint64_t kNeuralStream = 3;
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

/// The genes of the rows, each once, and the rows by their numbers.
NeuralTraining number_genes(const TrainingRows& rows, Matrix columns,
                            const NeuralInputs& inputs,
                            const GeneStore& store) {
  NeuralTraining out;
  std::vector<std::int32_t> number(at(store.n_genes), -1);
  std::vector<std::int32_t> genes;
  const auto number_of = [&](std::int32_t gene) {
    auto& known = number[at(gene)];
    if (known < 0) {
      known = static_cast<std::int32_t>(genes.size());
      genes.push_back(gene);
    }
    return known;
  };
  for (std::size_t i = 0; i < rows.pairs.a.size(); ++i) {
    out.a.push_back(number_of(rows.pairs.a[i]));
    out.b.push_back(number_of(rows.pairs.b[i]));
  }
  out.genes = neural_inputs(inputs, store, store, {}, genes);
  out.columns = std::move(columns);
  out.label = rows.pairs.label;
  out.weight = rows.weight;
  out.group = rows.group;
  return out;
}

/// From a larger sample if a study has more non-hits than the other scorers
/// read; else from the same rows.
NeuralTraining neural_training(const MeasuredPairs& measured,
                               const TrainingRows& rows, Matrix columns,
                               const MeasuredConfig& config,
                               const NeuralInputs& inputs, std::uint64_t seed,
                               int threads, const MeasuredModel& model) {
  const GeneStore& store = model.store;
  WeighingConfig weighing = config.weighing;
  weighing.most_non_hits =
      std::max(weighing.most_non_hits, config.neural_non_hits);
  const bool drawn = std::count(rows.drawn.begin(), rows.drawn.end(), 1) > 0;
  if (!drawn || weighing.most_non_hits == config.weighing.most_non_hits) {
    return number_genes(rows, std::move(columns), inputs, store);
  }
  const TrainingRows more = weigh_measured(measured, weighing, store.n_genes,
                                           derive_seed(seed, kDrawStream));
  const auto [raw, scaled] = columns_of(store, more.pairs, threads);
  return number_genes(more, linear_columns(model.scores, raw, scaled, threads),
                      inputs, store);
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
    const auto& kind = learner_kind(name);
    if (kind.constant == nullptr) continue;
    options.scorers = {name};
    auto log_odds =
        predict_measured(*model, model->store, {}, random, options).score;
    for (double& x : log_odds) x += prior;
    kind.constant(*model) += shift_for_mean(log_odds, rate);
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
  if (model->neural.empty()) weights.pair_net = 0;
  const double sum = weights.linear + weights.boosting + weights.pair_net;
  if (sum == 0) return;
  weights.linear /= sum;
  weights.boosting /= sum;
  weights.pair_net /= sum;
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
  const auto& label = rows.pairs.label;
  const auto [raw, scaled] = columns_of(out.store, rows.pairs, threads);
  out.reach = reach_of(out.columns, measured_rows(rows, raw));
  out.scores = fit_normal_scores(reference_sample(
      out.store, rows, raw, derive_seed(seed, kReferenceStream), threads));
  check_go_on(go_on);
  Matrix columns = linear_columns(out.scores, raw, scaled, threads);
  out.start = config.start;
  out.linear =
      fit_logistic(columns, label, rows.weight, config.linear, threads);
  out.evidence =
      fit_logistic(scaled, label, rows.weight, config.linear, threads);
  BoostingConfig boosting = config.boosting;
  for (Eigen::Index j = 0; j < raw.cols(); ++j) {
    boosting.monotone.push_back(out.columns[at(j)].monotone);
  }
  out.boosting =
      fit_boosting(raw, label, rows.weight, boosting, threads, go_on);
  if (out.start.model) {
    const auto by_start = scores_by_start(out, rows.pairs, threads);
    MeasuredConfig own = config;
    own.boosting = boosting;
    keep_weights(config.scorers, &own.weights);
    out.start.weight = start_weight({rows, columns, raw, by_start}, own,
                                    derive_seed(seed, kStackStream), threads);
  }
  if (recorded.size() > 0 && is_wanted(config.scorers, "recorded")) {
    const Matrix x = columns_of(out.store, recorded, threads).raw;
    out.recorded =
        fit_boosting(x, recorded.label, {}, config.recorded, threads, go_on);
  }
  if (config.train_neural && is_wanted(config.scorers, "pair_net")) {
    NeuralInputs inputs = learn_neural_inputs(out.store);
    NeuralTraining training = neural_training(
        measured, rows, std::move(columns), config, inputs, seed, threads, out);
    limit_neural_inputs(&inputs, &training.genes);
    NeuralNet net = config.train_neural(
        training, derive_seed(derive_seed(seed, kNeuralStream), 0), go_on);
    out.neural = {std::move(inputs), std::move(net.linear), {}};
    out.neural.heads.push_back(std::move(net.head));
  }
  share_weights(config.scorers, &out);
  level_random_pairs(background_of(rows), config.weighing.background_rate,
                     threads, &out);
  return out;
}

}  // namespace musl
