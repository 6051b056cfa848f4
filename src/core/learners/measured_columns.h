#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "features/feature_group.h"
#include "musl/evidence.h"
#include "musl/measured_model.h"
#include "musl/pair_set.h"

namespace musl {

/// F, the number of columns of gene_places().
[[nodiscard]] std::int64_t gene_places_width(const EvidenceStore& known);

/// (B, F) coordinates of both genes of each pair on the axes of terms, of terms
/// of many genes, and of pathways: the sum of the genes' two rows, each of mean
/// square 1, or zeros for a gene without such a row.
///
/// gene_of  index of each gene of the pairs in `known`, -1 for none; empty if
///          the two are the same
[[nodiscard]] Matrix gene_places(const EvidenceStore& known,
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
               const EvidenceStore& store);

  [[nodiscard]] Matrix of(const PairSet& pairs, int threads) const;

 private:
  const std::vector<EvidenceColumn>& columns_;
  PairEvidence evidence_;
  std::vector<std::ptrdiff_t> from_;  // in the store's columns, -1 for none
  bool same_ = false;                 // the store's columns are the model's
};

}  // namespace musl
