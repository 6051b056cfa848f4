#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "data/dataset.h"
#include "expression/expression.h"

namespace musl {

/// Node features from each expression cohort: the blocks
/// "coexpression:<cohort>" and "marginals:<cohort>".
///
/// Co-expression rows are the `rank` leading left singular vectors of the
/// cohort's standardised profiles, each scaled to unit variance over its genes,
/// signs fixed (largest entry positive), rounded to half precision. Source:
/// randomised subspace iteration (Halko et al. 2011, SIAM Rev 53:217).
///
/// known    blocks of a fitted model whose co-expression rows are used for
///          genes in both (axes of new samples would be unknown to the
///          network); a new gene gets the mean row of the 10 known genes it
///          correlates with best in this cohort, weighted by correlation; null
///          when fitting
/// gene_of  (G) index among the known genes, -1 for new ones
void add_expression_blocks(const std::vector<ExpressionCohort>& cohorts,
                           int rank, const std::vector<NodeBlock>* known,
                           const std::vector<std::int32_t>& gene_of,
                           std::int64_t n_genes, std::uint64_t seed,
                           int threads, std::vector<NodeBlock>* blocks);

/// Whether a model stores the rows of this block to place new genes.
[[nodiscard]] bool is_reference_block(const std::string& name);

/// (R, rank) leading left singular vectors of a cohort's standardised profiles,
/// with unit variance; columns beyond their rank are zero.
[[nodiscard]] Matrix leading_left_vectors(const ExpressionCohort& cohort,
                                          int rank, std::uint64_t seed);

}  // namespace musl
