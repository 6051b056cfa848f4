#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/prediction.h"
#include "learners/measured_fit.h"
#include "learners/measured_model.h"
#include "learners/measured_scorer.h"
#include "learners/weigh_measured.h"

namespace musl {

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
void add_start(const StartModel& start, double near,
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
