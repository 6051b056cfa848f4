#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"

namespace musl {

/// The "SL degree" baseline: log((1 + d_a) (1 + d_b)), d the number of training
/// positives a gene is in. It reads the popularity of genes and no biology.
///
/// Adding 1 ranks pairs with one unseen gene (d = 0) by the other gene.
/// training  labelled pairs
[[nodiscard]] std::vector<double> degree_score(const PairSet& training,
                                               const PairSet& pairs,
                                               std::int64_t n_genes);

/// The "gene log-odds" baseline: the sum over both genes of
/// log((p + s q) / (n + s (1 - q))) - log(q / (1 - q)), with p and n the
/// training positives and negatives of a gene and q the share of positives
/// among all training pairs. A gene without a training pair adds 0.
///
/// training   labelled pairs of both classes
/// smoothing  s, pseudo-pairs a gene, > 0
[[nodiscard]] std::vector<double> log_odds_score(const PairSet& training,
                                                 const PairSet& pairs,
                                                 std::int64_t n_genes,
                                                 double smoothing);

/// Columns of degree_features(): min and max of the two SL degrees, and the sum
/// of their log1p.
inline constexpr int kDegreeFeatures = 3;

/// SL degrees as features of a learner, (B, kDegreeFeatures).
struct DegreeFeatures {
  Matrix training;  // of the training pairs, counted out of fold
  Matrix pairs;     // of the pairs to score
};

/// Counts SL degrees without using a pair's label: training pairs are split
/// into `folds`, and the degrees of a pair are counted over the other folds.
/// Degrees of `pairs` are counted over all folds and scaled by (folds - 1) /
/// folds. Counting the pair would give positives degrees of at least 1, and
/// leaving out only that pair would make a positive's degree one lower than a
/// negative's: both leak the label.
///
/// training  labelled pairs
/// folds     >= 2
[[nodiscard]] DegreeFeatures degree_features(const PairSet& training,
                                             const PairSet& pairs,
                                             std::int64_t n_genes, int folds,
                                             std::uint64_t seed);

}  // namespace musl
