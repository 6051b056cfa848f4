#pragma once

#include <string>
#include <vector>

#include "musl/dataset.h"

namespace musl {

/// Node features that each expression source gives: a block
/// "coexpression:<source>" and a block "marginals:<source>" a source.
///
/// Co-expression rows are the `rank` leading left singular vectors of the
/// source's standardised profiles, each scaled to unit variance over its genes,
/// signs fixed (largest entry positive), rounded to half. Source: randomised
/// subspace iteration (Halko et al. 2011, SIAM Rev 53:217).
///
/// known    blocks of a fitted model whose co-expression rows are used for the
///          genes both have (new samples have no axes of their own that the
///          network knows); a new gene takes the mean row of the 10 known genes
///          it correlates with best in this source, weighted by correlation;
///          null while fitting
/// gene_of  (G) index among the known genes, -1 for new ones
void add_expression_blocks(const std::vector<ExpressionSource>& sources,
                           int rank, const std::vector<NodeBlock>* known,
                           const std::vector<std::int32_t>& gene_of,
                           std::int64_t n_genes, std::uint64_t seed,
                           int threads, std::vector<NodeBlock>* blocks);

/// Is this a block whose rows a model keeps, to place new genes by?
[[nodiscard]] bool is_reference_block(const std::string& name);

/// (R, rank) leading left singular vectors of x (R, S) with unit variance;
/// columns beyond the rank of x are zero. The same bits for any `threads`.
[[nodiscard]] Matrix leading_left_vectors(const Matrix& x, int rank,
                                          std::uint64_t seed);

}  // namespace musl
