#pragma once

#include <cstdint>
#include <vector>

#include "musl/matrix.h"
#include "musl/pair_set.h"

namespace musl {

/// The "SL degree" baseline: log((1 + d_a) (1 + d_b)), d the number of training
/// positives a gene is in. It knows the popularity of genes and no biology.
///
/// The 1 keeps pairs with one unseen gene (d = 0) in order of the other gene.
/// training  labelled pairs (ShapeError without labels)
[[nodiscard]] std::vector<double> degree_score(const PairSet& training,
                                               const PairSet& pairs,
                                               std::int64_t n_genes);

/// The "gene log-odds" baseline: the sum over both genes of
/// log((p + s q) / (n + s (1 - q))) - log(q / (1 - q)), with p and n the
/// training positives and negatives of a gene and q the share of positives
/// among all training pairs. A gene without a training pair adds 0.
///
/// training   labelled pairs of both classes (InputError else)
/// smoothing  s, pseudo-pairs a gene, > 0 (InputError else)
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

/// Counts SL degrees without a pair's own label: training pairs are dealt into
/// `folds`, and a pair's degrees are counted over the other folds. Degrees of
/// `pairs` are counted over all and scaled by (folds - 1) / folds to the same
/// size. Were a pair counted itself, a positive would have degrees of at least
/// 1, and leaving out just that pair would make its degree one lower than a
/// negative's: both tell the label.
///
/// training  labelled pairs (ShapeError without labels)
/// folds     >= 2 (InputError else)
[[nodiscard]] DegreeFeatures degree_features(const PairSet& training,
                                             const PairSet& pairs,
                                             std::int64_t n_genes, int folds,
                                             std::uint64_t seed);

}  // namespace musl
