#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "base/prediction.h"
#include "features/evidence.h"
#include "io/archive.h"
#include "judge/intervals.h"
#include "judge/normal_scores.h"
#include "learners/boosting.h"
#include "learners/feature_scorers.h"
#include "learners/logistic.h"
#include "learners/neural_member.h"
#include "learners/reach.h"
#include "store/part_map.h"

namespace musl {

/// Pairs measured in screens, one row per pair, study, line and query.
struct MeasuredPairs {
  PairSet pairs;                    // with labels
  std::vector<std::int32_t> study;  // of `studies`
  std::vector<std::int32_t> line;   // of `lines`, -1 for none
  std::vector<std::int32_t> query;  // gene lost in all cells, -1 for none
  std::vector<float> weight;        // 0 to 1
  std::vector<float> effect;        // negative is lethal; NaN for none
  std::vector<std::string> studies, lines;

  [[nodiscard]] std::int64_t size() const { return pairs.size(); }
};

/// One row per pair and study, as learners read it.
struct TrainingRows {
  PairSet pairs;
  std::vector<std::int32_t> study;  // -1: a random pair
  std::vector<std::int32_t> query;  // the first of several, -1 for none
  std::vector<std::int32_t> group;  // number of the study's query
  std::vector<float> weight;        // mean 1; hits sum to the same as non-hits
  std::vector<std::uint8_t> drawn;  // 1: of a study whose non-hits are a sample
};

/// How measured pairs are weighted.
struct WeighingConfig {
  /// Largest number of non-hits of a study; a study with more is sampled, and
  /// the sample is weighted to represent all. Other studies do not change it.
  std::int64_t most_non_hits = 15000;
  double least_effect = 0.3;  // lowest weight of a hit by its effect
  double most_effect = 3.0;   // highest weight
  /// Non-hits that count for each hit, in a study's pairs without a query and
  /// in those with one; if there are more, each counts less.
  double non_hits_of_pairs = 30;
  double non_hits_of_queries = 75;
  double most_hits = 6000;  // that a study weighs
  /// Weight of random pairs and pairs of queries beside that of all pairs that
  /// were measured without a query: random pairs make up what is missing.
  double background = 1.0;
  double background_rate = 0.0135;  // share of hits among them
};

/// Averages rows of a pair and study over lines and queries, samples
/// non-hits, and computes weights.
///
/// A non-hit counts as often as it was measured, up to a number for each hit
/// (natural rates: a library's choice of pairs is part of what is learned, but
/// a study of few hits must not change what all others teach), a hit by the
/// size of its effect: |z| / 2 within least and most, z the standard score
/// among the study's pairs; if at most half of the non-hits have an effect,
/// |effect| over the median of the study's hits; 1 without an effect. All are
/// multiplied by `weight`; hits are then scaled to the total weight of all
/// non-hits. InputError without rows of both classes.
///
/// Random pairs of the genes that were measured without a query are added, each
/// as a hit of weight `background_rate` and a non-hit of the rest. A library of
/// chosen pairs, paralogs say, cannot show what its pairs have in common; its
/// higher rate of hits beside theirs does. Measured pairs are not drawn, so
/// that few are added where a screen crossed all of its genes, and none where
/// screens by query weigh as much, which chose no pairs.
[[nodiscard]] TrainingRows weigh_measured(const MeasuredPairs& measured,
                                          const WeighingConfig& config,
                                          std::int64_t n_genes,
                                          std::uint64_t seed);

/// How often a gene was a hit as partner in a line, relative to the
/// line's mean r: log((hits + 10 r) / (n + 10) / r); 0 if not measured.
struct PartnerRates {
  std::string name;              // of a study or a line
  std::vector<float> log_ratio;  // (G)
};
[[nodiscard]] std::vector<PartnerRates> partner_rates(
    const MeasuredPairs& measured, std::int64_t n_genes);

/// Weights of scorers by name.
struct ScorerWeights : std::map<std::string, double> {
  using map::map;
  /// 0 for others.
  [[nodiscard]] double of(const std::string& scorer) const;
};

/// Weight of each scorer in the score. Those that learn the outcome from all
/// columns are scaled to sum to 1; beside them the others, which cost accuracy
/// on screens, have none.
[[nodiscard]] ScorerWeights default_weights();

/// Weights that order the partners of one gene. Chosen on held-out queries of a
/// screen and textbook pairs, both of which are ranked better by them than by
/// the default weights.
[[nodiscard]] ScorerWeights list_weights();

/// Names of all scorers of features that a model may have, in order.
[[nodiscard]] std::vector<std::string> all_scorer_names();

struct MeasuredModel;

/// A model that another one starts from. Few hits teach little: the scores of
/// both are averaged by what they are worth out of fold (start_weight()).
struct StartModel {
  std::shared_ptr<const MeasuredModel> model;  // none: nothing to start from
  std::vector<std::int32_t> gene_of;  // (G) of each gene of the other one's
                                      // universe in the model's, -1 for none
  double weight = 0;                  // of this model in the score
};

/// train_neural() on some device.
using NeuralTrainer =
    std::function<NeuralNet(const NeuralTraining& training, std::uint64_t seed,
                            const std::function<bool()>& go_on)>;

struct MeasuredConfig {
  WeighingConfig weighing;
  LogisticConfig linear;  // lambda .1
  BoostingConfig boosting{100, 0.05, 6, 40, 5.0, 254, {}};
  BoostingConfig recorded{150, 0.1, 16, 20, 1.0, 254, {}};
  NeuralTrainer train_neural;  // none: that one is absent
  /// Replaces weighing.most_non_hits for the pair network, which learns about
  /// single genes: a larger sample has more of them.
  std::int64_t neural_non_hits = 60000;
  /// Share of hits that no column explains: see MeasuredModel.
  double unexplained = 0.15;
  ScorerWeights weights = default_weights();
  StartModel start;                  // its weight follows from the hits
  std::vector<std::string> scorers;  // to fit; empty: all that can be
};

/// How to learn from recorded pairs when no pair was measured.
struct RecordedConfig {
  /// A recorded SL pair has weight 1 / (SL pairs of its better known gene)^hub;
  /// otherwise scorers learn the few genes that laboratories studied.
  double hub = 0.5;
  BoostingConfig boosting{100, 0.05, 6, 40, 5.0, 254, {}};
  LogisticConfig terms{0.2};
  double recorded = 0.5;  // weight of the boosting; `terms` has the rest
  std::vector<std::string> scorers;  // to fit; empty: all that can be
};

/// Scorers of features (learners/feature_scorers.h), which are its parts; all
/// read the columns of pair_evidence(). Without measured pairs, only those that
/// learn from recorded ones.
struct MeasuredModel : PartMap {
  GeneStore store;
  std::vector<EvidenceColumn> columns;
  Reach reach;          // of the columns that are not evidence
  NormalScores scores;  // of the columns that are not evidence
  std::vector<PartnerRates> rates;
  ScorerWeights weights;
  StartModel start;
  /// Probabilities are (1 - unexplained) times those of the scorers plus
  /// unexplained times the prior: some hits occur for reasons that no column
  /// shows.
  double unexplained = 0;
  /// pair_key() of all measured pairs, ascending, and 1 where any was a hit.
  std::vector<std::int64_t> measured_key;
  std::vector<std::uint8_t> measured_hit;

  [[nodiscard]] bool has_measured() const {
    return !part<BoostingScorer>().trees.trees.empty();
  }
};

/// Fits all scorers.
///
/// recorded  labelled pairs of databases and their negatives; empty: no such
///           scorer
/// go_on     called from time to time; false throws CancelledError
///
/// Beside random pairs (see weigh_measured()) each scorer's log-odds are
/// shifted so that these have a mean probability of `background_rate` at that
/// prior.
///
/// The bits do not depend on `threads`. Throws InputError without measured
/// pairs of both classes.
[[nodiscard]] MeasuredModel fit_measured(GeneStore store,
                                         const MeasuredPairs& measured,
                                         const PairSet& recorded,
                                         const MeasuredConfig& config,
                                         std::uint64_t seed, int threads,
                                         const std::function<bool()>& go_on);

/// How the linear scorer of all other studies ranks the pairs of one.
struct LeftOutStudy {
  std::int32_t study = 0;  // of MeasuredPairs::studies
  AurocInterval auroc{};   // 95 %
};

/// Each study with ten hits and ten non-hits is ranked by the others, if their
/// other pairs hold fifty of each; at most 4,000 non-hits a study are drawn. A
/// study at chance was measured or labelled in another way than the rest. The
/// bits do not depend on `threads`.
[[nodiscard]] std::vector<LeftOutStudy> studies_left_out(
    const GeneStore& store, const MeasuredPairs& measured,
    const MeasuredConfig& config, std::uint64_t seed, int threads);

/// Weights of recorded pairs: of SL pairs as in RecordedConfig, with mean 1; of
/// the others 1.
[[nodiscard]] std::vector<float> weigh_recorded(const PairSet& recorded,
                                                std::int64_t n_genes,
                                                double hub);

/// Fits a model to recorded pairs only: `recorded`, boosted on the columns of
/// pairs, and `terms`, a logistic regression on the annotation of both genes,
/// if the store has any. Log-odds assume that half of the pairs are SL.
///
/// The bits do not depend on `threads`; there is no seed. InputError without
/// pairs of both classes.
[[nodiscard]] MeasuredModel fit_recorded(GeneStore store,
                                         const PairSet& recorded,
                                         const RecordedConfig& config,
                                         int threads,
                                         const std::function<bool()>& go_on);

/// Probability of a hit at `prior`, 0 to 1, where half of the pairs are hits at
/// log-odds of 0; unexplained as in MeasuredModel.
[[nodiscard]] double hit_probability(double log_odds, double prior,
                                     double unexplained);

/// Scores pairs of a store over any universe with the chosen scorers; columns
/// that the store lacks count as missing. Columns of dependency, fitness and
/// expression of either gene count as the border of the model's reach where
/// they lie beyond: no screen measures genes that kill alone.
///
/// gene_of  index of each gene of the store in the model's universe, -1 for
///          none; empty if the two are the same
///
/// score: the mean of the scorers that learned the outcome weighted by
/// `weights`; if none of them is used, of the scorers
/// used; plus rate_terms(), which `probability` has no part of. list_order,
/// where all scorers of a model of measured pairs are used: the same with
/// list_weights(), plus other scorers times theirs; else the score.
/// In models of measured pairs all of them fall where the lower of the two
/// genes is hardly expressed (learners/expression_gate.h): a single_gene.
/// relation is the part of columns that relate the two genes, by coefficients
/// and by Saabas' path changes; with a model to start from, all of these are
/// averages with what it says of the same store, unless `scorers` are named,
/// and pairs that it measured count as measured. The contribution of single
/// genes to the pair network and `terms` counts as single_gene. InputError for
/// a scorer or rate that the model does not have.
[[nodiscard]] Prediction predict_measured(
    const MeasuredModel& model, const GeneStore& store,
    const std::vector<std::int32_t>& gene_of, const PairSet& pairs,
    const PredictOptions& options);

/// (G) what the rates of this name add to the score of a pair with each gene;
/// InputError if the model has none.
[[nodiscard]] std::vector<double> rate_terms(const MeasuredModel& model,
                                             const std::string& name);

/// Weight of each of these scorers in the score of predict_measured().
[[nodiscard]] std::vector<double> score_weights(
    const MeasuredModel& model, const std::vector<std::string>& scorers);

/// Contributions of one column to the score of a pair and to what ranks lists
/// of partners, over all scorers used.
struct ColumnShare {
  std::string name, group, words;  // as in EvidenceColumn
  bool of_pair = false;
  double value = 0;  // NaN where missing
  double contribution = 0, order = 0;
  bool beyond = false;  // out of the model's reach: that of the border counts
};

/// The measured pairs that a model learned from, ascending by pair_key(); label
/// 1 where any measurement was a hit.
[[nodiscard]] PairSet measured_pairs(const MeasuredModel& model);

/// Names of the scorers of a model, in order: those that have a weight.
[[nodiscard]] std::vector<std::string> scorer_names(const MeasuredModel& model);

/// Stores a model without loss as tensors and strings under `prefix`.
void put_measured(const std::string& prefix, const MeasuredModel& model,
                  Archive* archive);
[[nodiscard]] MeasuredModel read_measured(const std::string& prefix,
                                          const Archive& archive);

}  // namespace musl
