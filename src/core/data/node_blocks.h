#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "expression/expression.h"
#include "graph/csr_graph.h"

namespace musl {

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
