#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "musl/error.h"
#include "musl/measured_model.h"

namespace musl {

/// What the scorers of a model read of pairs, computed once for all of them.
struct ScorerInput {
  Matrix raw, scaled;  // the model's columns
  Matrix linear;       // of linear_columns(); empty if no scorer reads them
  std::vector<double> heads;  // of single genes, if the pair network is used
  Matrix places;              // of gene_places(), if `terms` is used
};

/// Scores of pairs, and their part that relates the two genes, empty unless
/// asked for.
struct ScorerOutput {
  std::vector<double> score, relation;
};

/// One of the scorers that read features, on the model that has it.
class FeatureLearner : public Interface {
 public:
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

/// A kind of such scorers. A further one is an entry of learner_kinds(), its
/// part of MeasuredModel and its fit.
struct LearnerKind {
  std::string name;
  double ScorerWeights::*weight;
  bool of_outcome;    // learned the outcome from all columns of measured pairs
  bool reads_linear;  // the columns of linear_columns()
  bool (*is_fitted)(const MeasuredModel& model);
  /// The constant of its log-odds; null unless it learned from measured pairs.
  double& (*constant)(MeasuredModel& model);
  /// model  must outlive the learner
  std::unique_ptr<FeatureLearner> (*make)(const MeasuredModel& model);
};

/// All kinds in the order in which models name them.
[[nodiscard]] const std::vector<LearnerKind>& learner_kinds();
[[nodiscard]] const LearnerKind& learner_kind(const std::string& name);

/// Weights of the scorers used. Those that learned the outcome sum to 1; beside
/// them others have no weight, or with `others` the known one.
[[nodiscard]] std::vector<double> used_weights(
    const ScorerWeights& known, const std::vector<std::string>& scorers,
    bool others = false);

[[nodiscard]] bool holds(const std::vector<std::string>& scorers,
                         const std::string& name);

/// `scorers`, or all of the model if there are none; InputError for one that
/// the model does not have.
[[nodiscard]] std::vector<std::string> used_scorers(
    const MeasuredModel& model, const std::vector<std::string>& scorers);

/// Whether a scorer is to be fitted: one of `wanted`, or any if there are none.
[[nodiscard]] bool is_wanted(const std::vector<std::string>& wanted,
                             const std::string& scorer);
/// Takes the weight of others.
void keep_weights(const std::vector<std::string>& wanted,
                  ScorerWeights* weights);

[[nodiscard]] std::vector<float> rows_of(const std::vector<float>& x,
                                         const std::vector<std::int64_t>& rows);
[[nodiscard]] Matrix rows_of(const Matrix& x,
                             const std::vector<std::int64_t>& rows);

/// What a model that starts from another one learned from.
struct OwnRows {
  const TrainingRows& rows;
  const Matrix& linear;                 // columns of the linear scorer
  const Matrix& raw;                    // and of boosting
  const std::vector<double>& by_start;  // what the start says of the rows
};

/// Weight of a model to start from: 1 - n w / (n + 50) - 50 / (n + 50) n / (n +
/// 50) for n hits. w is the share of linear and boosting scorers, fitted to
/// four fifths of the rows, with which they and the start rank the others best
/// (AUROC); n / (n + 50) with fewer than 20 hits or others.
[[nodiscard]] double start_weight(const OwnRows& own,
                                  const MeasuredConfig& config,
                                  std::uint64_t seed, int threads);

/// Index in the start's universe of each gene of a store; gene_of is that in
/// the universe of the model that started from it.
[[nodiscard]] std::vector<std::int32_t> genes_of_start(
    const StartModel& start, const std::vector<std::int32_t>& gene_of);

/// Averages all scores with those of the start. Of the order of lists only
/// the share `near` of each pair: what the start says of lists that are far
/// from a screen stays.
void add_start(const StartModel& start, const Prediction& by_start,
               const std::vector<double>& near, Prediction* scores);

/// (G) Number of pairs of each gene that a model measured.
[[nodiscard]] std::vector<double> measured_pairs_of(const MeasuredModel& model);

/// How near a pair of genes with so many measured pairs is to these: 0 unless
/// both have some, else n / (n + 10), n the larger number.
[[nodiscard]] double nearness(double pairs_a, double pairs_b);

/// The same for the shares of columns, which are joined by name.
void add_start(const StartModel& start,
               const std::vector<ColumnShare>& by_start,
               std::vector<ColumnShare>* shares);

/// Stores a start as tensors and strings under `prefix`; none as nothing.
void put_start(const std::string& prefix, const StartModel& start,
               Archive* archive);
/// n_genes  G; FormatError for parts that do not fit each other
[[nodiscard]] StartModel read_start(const std::string& prefix,
                                    std::int64_t n_genes,
                                    const Archive& archive);

}  // namespace musl
