#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "features/feature_group.h"
#include "learners/scorer_kind.h"
#include "musl/evidence.h"
#include "musl/measured_model.h"
#include "musl/pair_set.h"

namespace musl {

/// F, the number of columns of gene_places().
[[nodiscard]] std::int64_t gene_places_width(const GeneStore& known);

/// (B, F) coordinates of both genes of each pair on the axes of terms, of terms
/// of many genes, and of pathways: the sum of the genes' two rows, each of mean
/// square 1, or zeros for a gene without such a row.
///
/// gene_of  index of each gene of the pairs in `known`, -1 for none; empty if
///          the two are the same
[[nodiscard]] Matrix gene_places(const GeneStore& known,
                                 const std::vector<std::int32_t>& gene_of,
                                 const PairSet& pairs);

/// The number of columns outside the second set, which come first.
[[nodiscard]] Eigen::Index count_raw(
    const std::vector<EvidenceColumn>& columns);

/// Inputs of the linear scorer: normal scores, then evidence columns.
[[nodiscard]] Matrix linear_columns(const NormalScores& scores,
                                    const Matrix& raw, const Matrix& scaled,
                                    int threads);

/// Between which the known values of 99 % of the rows lie; infinite without
/// any.
[[nodiscard]] std::pair<float, float> inner_range(const Matrix& x,
                                                  Eigen::Index column);

/// Between which values the known ones of 99 % of the rows lie, in columns of
/// dependency, fitness and expression of either gene.
[[nodiscard]] Reach reach_of(const std::vector<EvidenceColumn>& columns,
                             const Matrix& raw);

/// Moves values beyond the reach to its border, in the first columns of x.
void keep_within(const Reach& reach, Matrix* x);

/// A model's columns of pairs, found by name in a store; both must outlive
/// this. Columns that the store lacks are NaN, or 0 for evidence columns.
class ModelColumns {
 public:
  ModelColumns(const std::vector<EvidenceColumn>& columns,
               const GeneStore& store);

  [[nodiscard]] Matrix of(const PairSet& pairs, int threads) const;

 private:
  const std::vector<EvidenceColumn>& columns_;
  PairEvidence evidence_;
  std::vector<std::ptrdiff_t> from_;  // in the store's columns, -1 for none
  bool same_ = false;                 // the store's columns are the model's
};

/// What the lower expressed gene of a pair takes off its score. A gene that
/// cells do not express cannot kill them: hits of such pairs are false.
///
/// weight log(.02 + s): near 0 for an expressed gene, the steeper the lower. s
/// is the lower of the two genes' expressed_share(), one half if unknown, and
/// the weight .25; in a line that knows both genes s is expressed_at() of the
/// lower level, and the weight .5. 0 for all pairs if nothing is known of any
/// gene. Weights were chosen on development screens.
class ExpressionGate {
 public:
  /// line  of store.lines, -1 for none
  ExpressionGate(const GeneStore& store, std::int32_t line);

  /// The same bits for (b, a).
  [[nodiscard]] double of(std::int32_t a, std::int32_t b) const;

  /// What it reads of a pair: the lower level in the line, else the lower share
  /// of lines; NaN if the share of either is unknown.
  struct Lower {
    bool in_line = false;
    double value = 0;
  };
  [[nodiscard]] Lower lower(std::int32_t a, std::int32_t b) const;

 private:
  std::vector<float> share_;  // (G) empty: nothing is known
  std::vector<float> level_;  // (G) in the line; empty: none is asked for
};

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
