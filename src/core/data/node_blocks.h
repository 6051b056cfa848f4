#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"
#include "graph/csr_graph.h"

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

/// (n_genes) 1 where the gene has an edge.
[[nodiscard]] std::vector<std::uint8_t> genes_with_edges(
    const CsrGraph& network, std::int64_t n_genes);

/// The block of this name, or null.
[[nodiscard]] const NodeBlock* find_block(const std::vector<NodeBlock>& blocks,
                                          const std::string& name);

/// A block of no gene yet.
[[nodiscard]] NodeBlock empty_block(const std::string& name,
                                    std::int64_t n_genes, Eigen::Index columns);

/// The measured rows of a known block; `gene_of` has the index of each gene of
/// this universe among the known ones, -1 for new genes.
[[nodiscard]] NodeBlock known_rows(const NodeBlock& known,
                                   const std::vector<std::int32_t>& gene_of);

/// The embeddings by gene, zeros where there is none.
[[nodiscard]] NodeBlock embedding_rows(const DatasetInput& input);

/// The node blocks of make_dataset(), in the order embedding, spectral, degree,
/// then co-expression and marginals of each cohort.
[[nodiscard]] std::vector<NodeBlock> make_blocks(
    const DatasetInput& input, const ArchitectureConfig& architecture,
    const std::vector<ExpressionCohort>& cohorts, const CsrGraph& network,
    const Dataset* known, const std::vector<std::int32_t>& gene_of,
    std::uint64_t seed, int threads);

}  // namespace musl
