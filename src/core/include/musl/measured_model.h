#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/boosting.h"
#include "musl/evidence.h"
#include "musl/logistic.h"
#include "musl/neural_member.h"
#include "musl/normal_scores.h"
#include "musl/pair_set.h"

namespace musl {

/// Pairs of screens, one row a pair, source, context and query.
struct MeasuredPairs {
  PairSet pairs;                      // with labels
  std::vector<std::int32_t> source;   // of `sources`
  std::vector<std::int32_t> context;  // of `contexts`, -1 for none
  std::vector<std::int32_t> query;    // gene that all cells lack, -1 for none
  std::vector<float> weight;          // 0 to 1
  std::vector<float> effect;          // negative is lethal; NaN for none
  std::vector<std::string> sources, contexts;

  [[nodiscard]] std::int64_t size() const { return pairs.size(); }
};

/// One row a pair and source, as learners see it.
struct TrainingRows {
  PairSet pairs;
  std::vector<std::int32_t> source;
  std::vector<std::int32_t> query;  // the first of several, -1 for none
  std::vector<std::int32_t> group;  // number of the source's query
  std::vector<float> weight;  // mean 1; hits together weigh what non-hits do
  std::vector<std::uint8_t>
      drawn;  // 1: of a source whose non-hits are a sample
};

/// How measured pairs are weighed.
struct WeighingConfig {
  /// Non-hits of a source at most; of more a sample is drawn, which stands for
  /// all of them.
  std::int64_t most_non_hits = 15000;
  double least_effect = 0.3;  // weight of a hit by its effect, at least
  double most_effect = 3.0;   // and at most
};

/// Averages rows of one pair and source over contexts and queries, draws
/// non-hits, and weighs.
///
/// A non-hit counts as often as it was measured (natural rates: a library's
/// choice of pairs is itself what is learned), a hit by the size of its
/// effect: |z| / 2 within least and most, z the standard score among the
/// source's pairs; where non-hits have no effect, |effect| over the median of
/// the source's hits. All are multiplied by `weight`; in the end hits together
/// get the mass of all non-hits. InputError without rows of both classes.
[[nodiscard]] TrainingRows weigh_measured(const MeasuredPairs& measured,
                                          const WeighingConfig& config,
                                          std::int64_t n_genes,
                                          std::uint64_t seed);

/// How often a gene was a hit as partner in a context, against the context's
/// mean: log((hits + 10 r) / (n + 10) / r); 0 where it was not measured.
struct PartnerRates {
  std::string name;              // of a source or a context
  std::vector<float> log_ratio;  // (G)
};
[[nodiscard]] std::vector<PartnerRates> partner_rates(
    const MeasuredPairs& measured, std::int64_t n_genes);

/// What each member counts in the score. Of the first three, which learn the
/// outcome from all columns, those that are there are brought to a sum of 1.
struct MemberWeights {
  double linear = 0.25, boosting = 0.5, neural = 0.25;
  double recorded = 0.1, evidence = 0.25;
  double terms = 0;  // of models without measured pairs
};

/// As train_neural().
using NeuralTrainer =
    std::function<NeuralNet(const NeuralTraining& training, std::uint64_t seed,
                            const std::function<bool()>& go_on)>;

struct MeasuredConfig {
  WeighingConfig weighing;
  LogisticConfig linear;  // lambda .1
  BoostingConfig boosting{100, 0.05, 6, 40, 5.0, 254, {}};
  BoostingConfig recorded{150, 0.1, 16, 20, 1.0, 254, {}};
  NeuralTrainer train_neural;  // none: that member is absent
  int n_nets = 1;              // that are the neural member
  /// In place of weighing.most_non_hits, for the neural member: it learns what
  /// single genes are, and a larger sample shows more of them.
  std::int64_t neural_non_hits = 60000;
  /// Share of hits for which no column tells a reason: see MeasuredModel.
  double unexplained = 0.15;
  MemberWeights weights;
};

/// How recorded pairs are learned where no pair was measured.
struct RecordedConfig {
  /// A recorded SL pair counts 1 / (SL pairs of its better known gene)^hub;
  /// else members learn the few genes that laboratories asked about.
  double hub = 0.5;
  BoostingConfig boosting{100, 0.05, 6, 40, 5.0, 254, {}};
  LogisticConfig terms{0.2};
  double recorded = 0.5;  // weight of the boosting; that of `terms` is the rest
};

/// Members that learn from measured pairs, and one from recorded pairs. All
/// read the columns of pair_evidence(). Or, without measured pairs, `recorded`
/// and `terms` alone.
struct MeasuredModel {
  EvidenceStore store;
  std::vector<EvidenceColumn> columns;
  NormalScores scores;     // of the columns that are not evidence
  LogisticModel linear;    // on normal scores and evidence columns
  LogisticModel evidence;  // on evidence columns alone
  BoostedTrees boosting;   // on raw columns, monotone where columns say so
  NeuralMember neural;     // on linear's columns and single genes; or absent
  BoostedTrees recorded;   // on raw columns; without trees: absent
  LogisticModel terms;     // on gene_places(); without coefficients: absent
  std::vector<PartnerRates> rates;
  MemberWeights weights;
  /// Probabilities are (1 - unexplained) of what the members say plus
  /// unexplained times the prior: some hits come for no reason that columns
  /// tell of, also where they tell of none.
  double unexplained = 0;
  /// pair_key() of all measured pairs, ascending, and 1 where any was a hit.
  std::vector<std::int64_t> measured_key;
  std::vector<std::uint8_t> measured_hit;

  [[nodiscard]] bool has_measured() const { return !boosting.trees.empty(); }
  [[nodiscard]] bool has_recorded() const { return !recorded.trees.empty(); }
  [[nodiscard]] bool has_terms() const { return !terms.coefficient.empty(); }
};

/// Fits all members.
///
/// recorded  labelled pairs of databases and their negatives; empty: that
///           member is absent
/// go_on     asked now and then; false ends in CancelledError
///
/// The same bits for any `threads`. Throws InputError without measured pairs of
/// both classes.
[[nodiscard]] MeasuredModel fit_measured(EvidenceStore store,
                                         const MeasuredPairs& measured,
                                         const PairSet& recorded,
                                         const MeasuredConfig& config,
                                         std::uint64_t seed, int threads,
                                         const std::function<bool()>& go_on);

/// Weights of recorded pairs: of each SL pair as RecordedConfig says, in the
/// mean 1; of the others 1.
[[nodiscard]] std::vector<float> weigh_recorded(const PairSet& recorded,
                                                std::int64_t n_genes,
                                                double hub);

/// Fits a model to recorded pairs alone: `recorded`, boosted on the columns of
/// pairs, and `terms`, a logistic regression on what both genes are annotated
/// with, where the store tells. Log-odds are those where SL pairs are half.
///
/// The same bits for any `threads`; there is no seed. InputError without pairs
/// of both classes.
[[nodiscard]] MeasuredModel fit_recorded(EvidenceStore store,
                                         const PairSet& recorded,
                                         const RecordedConfig& config,
                                         int threads,
                                         const std::function<bool()>& go_on);

/// What to hear of a model.
struct MeasuredOptions {
  /// "linear", "boosting", "neural", "recorded", "evidence", "terms"; empty:
  /// all that are there.
  std::vector<std::string> members;
  std::vector<std::string> rates;  // names of PartnerRates to add, any number
  double prior = 0.0135;  // share of hits that probabilities are meant for
  int threads = 0;
};

/// Scores of pairs. score = pair_evidence + gene_effect.
struct MeasuredScores {
  std::vector<double> score;          // what to rank by
  std::vector<double> log_odds;       // of a hit where hits are half
  std::vector<double> probability;    // of a hit at the prior
  std::vector<double> pair_evidence;  // what relates the two genes adds
  std::vector<double> gene_effect;    // what either gene is adds, and constants
  std::vector<std::int8_t> measured;  // 1 hit, 0 non-hit, -1 not measured
  std::vector<std::string> members;   // heard, in order
  Matrix member_score;                // (B, members)
};

/// Hears the members on pairs of a store over any universe; columns that the
/// store lacks count as missing.
///
/// gene_of  index of each gene of the store in the model's universe, -1 for
///          none; empty where the two are the same
///
/// score: with a member that learned from measured pairs, their mean weighted
/// by `weights` plus `recorded` and `evidence` times theirs, plus 1.5 times the
/// rates; without one, the mean of those heard. log_odds: the mean of those
/// that learned the single outcome (linear, boosting, neural), or the score
/// where none is heard. pair_evidence is the part of columns that relate the
/// two genes, by coefficients and by Saabas' path changes; what the neural
/// member and `terms` read of single genes counts as gene_effect. InputError
/// for a member or rate that the model does not have.
[[nodiscard]] MeasuredScores predict_measured(
    const MeasuredModel& model, const EvidenceStore& store,
    const std::vector<std::int32_t>& gene_of, const PairSet& pairs,
    const MeasuredOptions& options);

/// How much each of these members counts in the score of predict_measured().
[[nodiscard]] std::vector<double> score_weights(
    const MeasuredModel& model, const std::vector<std::string>& members);

/// What one column of a pair adds to its score, by all members that are heard.
struct ColumnShare {
  std::string name, group;  // as in EvidenceColumn
  bool of_pair = false;
  double value = 0;  // NaN where missing
  double contribution = 0;
};

/// The shares of all columns in the score of a pair, in the order of the
/// model's columns: by coefficients and by Saabas' path changes, weighted as in
/// predict_measured(), whose arguments and errors these are. Last, where the
/// neural member or `terms` is heard, what these read of the single genes
/// ("genes"). The
/// score less their sum is a constant of the model and, where asked for, the
/// rates.
[[nodiscard]] std::vector<ColumnShare> explain_measured(
    const MeasuredModel& model, const EvidenceStore& store,
    const std::vector<std::int32_t>& gene_of, std::int32_t a, std::int32_t b,
    const MeasuredOptions& options);

/// The measured pairs that a model learned from, ascending by pair_key(); label
/// 1 where any measurement was a hit.
[[nodiscard]] PairSet measured_pairs(const MeasuredModel& model);

/// The members that a model has, in order, and their weights.
[[nodiscard]] std::vector<std::string> measured_members(
    const MeasuredModel& model);
[[nodiscard]] double member_weight(const MeasuredModel& model,
                                   const std::string& member);

/// A model as tensors and strings under `prefix`, to the same bits.
void put_measured(const std::string& prefix, const MeasuredModel& model,
                  Archive* archive);
[[nodiscard]] MeasuredModel read_measured(const std::string& prefix,
                                          const Archive& archive);

}  // namespace musl
