#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/pair_set.h"
#include "learners/measured_model.h"
#include "learners/model_columns.h"
#include "learners/scorer_kind.h"

namespace musl {

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
