#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/numbers.h"
#include "learners/measured_fit.h"
#include "learners/measured_model.h"
#include "learners/recorded_fit.h"
#include "learners/weigh_measured.h"

namespace musl {

/// What the scorers of a model read of pairs, computed once for all of them.
struct ScorerInput {
  PairSet pairs;       // of the store
  Matrix raw, scaled;  // the model's columns
  Matrix linear;       // of linear_columns(); empty if no scorer reads them
};

/// Scores of pairs, and their part that relates the two genes, empty unless
/// asked for.
struct ScorerOutput {
  std::vector<double> score, relation;
};

/// A scorer of a model, prepared for a store.
class StoreScorer : public Interface {
 public:
  /// Prepares for a table of pairs, of which blocks are scored next.
  virtual void prepare(const PairSet& /*pairs*/, int /*threads*/) {}
  /// The scores are the same with and without the parts.
  [[nodiscard]] virtual ScorerOutput score(const ScorerInput& x, bool parts,
                                           int threads) const = 0;
  /// Contribution of each column to the score of the first pair.
  [[nodiscard]] virtual std::vector<double> shares(const ScorerInput& x,
                                                   int threads) const = 0;
  /// What it reads of single genes besides columns adds to that score, less
  /// its constant; NaN if it reads nothing.
  [[nodiscard]] virtual double of_genes(const ScorerInput& x) const {
    (void)x;
    return kNaN;
  }
};

/// A model, a store, and the index of each of the store's genes in the model's
/// universe, as in predict_measured(); all must outlive what is made of them.
struct OnStore {
  const MeasuredModel& model;
  const GeneStore& store;
  const std::vector<std::int32_t>& gene_of;
};

/// What scorers learn from where pairs were measured.
struct MeasuredFit {
  const MeasuredPairs& measured;
  const PairSet& recorded;  // may be empty
  const MeasuredConfig& config;
  const TrainingRows& rows;
  const Matrix &raw, &scaled, &linear;  // columns of the rows
  std::uint64_t seed;
  int threads;
  const std::function<bool()>& go_on;
};

/// What scorers learn from where pairs are only recorded.
struct RecordedFit {
  const PairSet& recorded;
  const RecordedConfig& config;
  const Matrix& raw;
  const std::vector<float>& weight;
  double log_share;  // log-odds of an SL pair among them
  int threads;
  const std::function<bool()>& go_on;
};

/// A stream of the draw of non-hits, of derive_seed().
constexpr std::uint64_t kDrawStream = 1;

/// What a scorer's reader is told of its model besides what it wrote.
struct ScorerArchive {
  std::string prefix;
  const Archive& archive;
  bool measured;          // pairs were measured
  std::int64_t n, n_raw;  // columns, and those that are not evidence
};

/// A scorer of features: one file, which registers it. What it learned is a
/// part of MeasuredModel by its type; no other code names it.
struct ScorerKind {
  std::string name;
  int place = 0;              // in the order in which models name their scorers
  double weight = 0;          // in the score, of models of measured pairs
  double of_lists = 0;        // in the order of lists
  bool of_outcome = false;    // learns the outcome from all columns of
                              // measured pairs: these weights sum to 1
  bool reads_linear = false;  // the columns of linear_columns()
  bool (*is_fitted)(const MeasuredModel& model) = nullptr;
  /// The constant of its log-odds; null unless it learns from measured pairs.
  double& (*constant)(MeasuredModel* model) = nullptr;
  std::unique_ptr<StoreScorer> (*on)(const OnStore& known) = nullptr;
  /// Null if it does not learn from such pairs. The second also sets its
  /// weight, of which the sum counts.
  void (*fit_measured)(const MeasuredFit& from, MeasuredModel* to) = nullptr;
  void (*fit_recorded)(const RecordedFit& from, MeasuredModel* to) = nullptr;
  void (*write)(const std::string& prefix, const MeasuredModel& model,
                Archive* archive) = nullptr;
  /// FormatError for what does not fit; nothing if it was not written.
  void (*read)(const ScorerArchive& from, MeasuredModel* to) = nullptr;
};

/// Adds a kind; returns true (for a static initialiser).
bool register_scorer(ScorerKind kind);
/// All kinds in the order in which models name them.
[[nodiscard]] const std::vector<ScorerKind>& scorer_kinds();
/// InputError for a name of none.
[[nodiscard]] const ScorerKind& scorer_kind(const std::string& name);

/// Whether any scorer reads the columns of linear_columns().
[[nodiscard]] bool any_reads_linear(const std::vector<std::string>& scorers);

/// `scorers`, or all of the model if there are none; InputError for one that
/// the model does not have.
[[nodiscard]] std::vector<std::string> used_scorers(
    const MeasuredModel& model, const std::vector<std::string>& scorers);

/// Whether a scorer is to be fitted: one of `wanted`, or any if there are none.
[[nodiscard]] bool is_wanted(const std::vector<std::string>& wanted,
                             const std::string& scorer);

/// FormatError unless a condition on the scorers of a model holds.
void require_scorers(bool holds, const std::string& what);

// ---- What several scorers are made of ----

/// Names of the scorers of a model, in order: those that have a weight.
[[nodiscard]] std::vector<std::string> scorer_names(const MeasuredModel& model);

}  // namespace musl
