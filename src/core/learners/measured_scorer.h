#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/pair_set.h"
#include "base/prediction.h"
#include "learners/measured_model.h"
#include "learners/model_columns.h"
#include "learners/scorer_kind.h"

namespace musl {

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

/// A model prepared for a store: computes once what does not depend on the
/// pair, then scores any number of tables of pairs as predict_measured() does,
/// with the same bits.
class MeasuredScorer {
 public:
  /// model, store  must outlive the scorer
  /// gene_of       as in predict_measured(); ShapeError if its length is wrong
  MeasuredScorer(const MeasuredModel& model, const GeneStore& store,
                 std::vector<std::int32_t> gene_of);
  // Scorers refer to its members.
  MeasuredScorer(const MeasuredScorer&) = delete;
  MeasuredScorer& operator=(const MeasuredScorer&) = delete;

  /// Not reentrant: scorers prepare for the table.
  [[nodiscard]] Prediction predict(const PairSet& pairs,
                                   const PredictOptions& options) const;

  /// The shares of all columns in the score of a pair, in the order of the
  /// model's columns: by coefficients and by Saabas' path changes, weighted as
  /// in predict_measured(). In models of measured pairs follows that of the
  /// lower expressed gene, "expressed_lines" (value: share of lines) or
  /// "expressed_here" (its level in the line asked for). The last share
  /// ("genes"), if the pair network or `terms` is used, is what these read of
  /// the single genes. The score less the sum of all shares is a constant of
  /// the model plus any rates.
  [[nodiscard]] std::vector<ColumnShare> explain(
      std::int32_t a, std::int32_t b, const PredictOptions& options) const;

  /// What the model to start from says, there must be one: of pairs that it
  /// knows by its own evidence, so that it stays what it was beside any other;
  /// of the rest, and in a line, by this store's.
  [[nodiscard]] Prediction predict_start(const PairSet& pairs,
                                         const PredictOptions& options) const;

  /// The model's columns of pairs, (B, columns).
  [[nodiscard]] Matrix columns(const PairSet& pairs, int threads) const;

  [[nodiscard]] const GeneStore& store() const { return store_; }

 private:
  /// Adds the weighted scores of out->scorers.
  void add_scorers(const PairSet& pairs, const PredictOptions& options,
                   Prediction* out) const;
  /// What these scorers read of pairs, of which `columns` are the model's.
  [[nodiscard]] ScorerInput input_of(const PairSet& pairs,
                                     const std::vector<std::string>& scorers,
                                     Matrix columns, int threads) const;
  /// These scorers, prepared for the pairs.
  [[nodiscard]] std::vector<StoreScorer*> prepared(
      const std::vector<std::string>& scorers, const PairSet& pairs,
      int threads) const;

  /// Whether the model to start from knows a pair by its own evidence.
  [[nodiscard]] bool is_at_home(std::int32_t a, std::int32_t b,
                                const PredictOptions& options) const;

  /// Pairs of a gene that the model measured.
  [[nodiscard]] double n_measured(std::int32_t gene) const;

  const MeasuredModel& model_;
  const GeneStore& store_;
  std::vector<std::int32_t> gene_of_;
  ModelColumns columns_;
  std::vector<std::string> scorers_;
  std::vector<std::unique_ptr<StoreScorer>> on_store_;  // of each
  std::vector<double> measured_pairs_;     // (G), with a model to start from
  std::vector<std::int32_t> start_genes_;  // in its universe, -1 for none
  // None without a model to start from: on this store, and on its own.
  std::unique_ptr<MeasuredScorer> start_, start_at_home_;
};

}  // namespace musl
