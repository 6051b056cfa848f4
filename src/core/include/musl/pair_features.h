#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/csr_graph.h"
#include "musl/dataset.h"
#include "musl/expression.h"
#include "musl/matrix.h"
#include "musl/pair_set.h"

namespace musl {

/// All per-gene data for the features of the baselines, over one universe of G
/// genes. Uses no labels.
struct FeatureStore {
  std::int64_t n_genes = 0;
  std::vector<ExpressionCohort> cohorts;
  CsrGraph network;
  Matrix spectral;   // (G, R); no columns without a network
  Matrix embedding;  // (G, E) on the leading axes; no columns if absent
  std::vector<std::uint8_t> embedded;  // (G) 1 where the gene has an embedding
  Matrix direction;  // (G, E') embedding of unit length, for the cosine
};

/// Columns of the spectral embedding, and axes of the embeddings, by default.
inline constexpr int kFeatureRank = 64;

/// Prepares cohorts, network and embeddings.
///
/// rank  columns of the spectral embedding, and largest number of leading
///       principal axes (uncentred) to project embeddings on; embeddings with
///       fewer dimensions are unchanged. 0: neither, which suffices for
///       simple_scores()
[[nodiscard]] FeatureStore make_feature_store(const DatasetInput& input,
                                              int rank, std::uint64_t seed,
                                              int threads);

/// A table with named columns; NaN if missing.
struct FeatureTable {
  std::vector<std::string> names;
  Matrix values;
};

/// Features of pairs, all symmetric: for each cohort the 35 descriptors, and
/// the sum and |difference| of each marginal (NaN if it lacks a gene); the 8
/// topological descriptors; |difference| and product of the spectral columns;
/// the cosine of the embeddings (NaN if one is missing), and |difference| and
/// product of their axes.
[[nodiscard]] FeatureTable pair_features(const FeatureStore& store,
                                         const PairSet& pairs, int threads);

/// Features of single genes, (G, F): marginals of each cohort, log1p of the
/// network degree, spectral columns, axes of the embedding.
[[nodiscard]] FeatureTable gene_features(const FeatureStore& store);

/// Untrained scores as columns: ppi_degree, log((1 + d_a) (1 + d_b)) over
/// network neighbours; common_neighbours, log1p of their number; pearson, the
/// mean over the cohorts that have both genes; cosine of the embeddings. Only
/// those whose input is present.
[[nodiscard]] FeatureTable simple_scores(const FeatureStore& store,
                                         const PairSet& pairs, int threads);

}  // namespace musl
