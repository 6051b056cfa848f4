#include "data/node_blocks.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/matrix.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "data/coexpression.h"
#include "graph/spectral.h"

namespace musl {

namespace {

using GeneMap = std::vector<std::int32_t>;

constexpr auto kEmbedding = "embedding";

NodeBlock embedding_block(const DatasetInput& input, const CsrGraph& network) {
  NodeBlock block = embedding_rows(input);
  fill_from_neighbours(network, block.present, &block.values);
  return block;
}

NodeBlock new_spectral_block(const CsrGraph& network,
                             const std::vector<std::uint8_t>& has_edge,
                             int rank, std::uint64_t seed, int threads) {
  const auto connected = std::count(has_edge.begin(), has_edge.end(), 1);
  rank = static_cast<int>(std::min<std::int64_t>(rank, connected));
  NodeBlock block;
  block.name = "spectral";
  block.values = spectral_embedding(network, rank, seed, threads);
  block.values = block.values.unaryExpr(&round_to_half);
  block.present = has_edge;
  return block;
}

/// Rows of genes both universes have; the others from their neighbours.
NodeBlock block_of_known(const NodeBlock& known, const GeneMap& gene_of,
                         const CsrGraph& network) {
  NodeBlock block = known_rows(known, gene_of);
  fill_from_neighbours(network, block.present, &block.values);
  return block;
}

NodeBlock degree_block(const CsrGraph& network,
                       const std::vector<std::uint8_t>& has_edge) {
  NodeBlock block = empty_block("degree", size_of(has_edge), 1);
  block.present = has_edge;
  for (std::size_t g = 0; g < has_edge.size(); ++g) {
    if (has_edge[g] == 0) continue;
    const auto degree = network.degree(static_cast<std::int32_t>(g));
    block.values(static_cast<Eigen::Index>(g), 0) =
        std::log1p(static_cast<float>(degree));
  }
  return block;
}

/// "spectral" and "degree", if there is a network.
std::vector<NodeBlock> network_blocks(const CsrGraph& network,
                                      const std::vector<std::uint8_t>& has_edge,
                                      int rank,
                                      const std::vector<NodeBlock>* known,
                                      const GeneMap& gene_of,
                                      std::uint64_t seed, int threads) {
  std::vector<NodeBlock> blocks;
  const NodeBlock* known_spectral =
      known == nullptr ? nullptr : find_block(*known, "spectral");
  if (known_spectral != nullptr) {
    blocks.push_back(block_of_known(*known_spectral, gene_of, network));
  } else if (known == nullptr && !network.empty() && rank > 0) {
    blocks.push_back(
        new_spectral_block(network, has_edge, rank, seed, threads));
  }
  if (known_spectral != nullptr || !network.empty()) {
    blocks.push_back(degree_block(network, has_edge));
  }
  return blocks;
}

}  // namespace

NodeBlock empty_block(const std::string& name, std::int64_t n_genes,
                      Eigen::Index columns) {
  return {name, Matrix::Zero(n_genes, columns),
          std::vector<std::uint8_t>(at(n_genes), 0)};
}

NodeBlock known_rows(const NodeBlock& known, const GeneMap& gene_of) {
  NodeBlock block =
      empty_block(known.name, size_of(gene_of), known.values.cols());
  for (std::int64_t g = 0; g < size_of(gene_of); ++g) {
    const std::int32_t from = gene_of[at(g)];
    if (from < 0 || known.present[at(from)] == 0) continue;
    block.values.row(g) = known.values.row(from);
    block.present[at(g)] = 1;
  }
  return block;
}

NodeBlock embedding_rows(const DatasetInput& input) {
  const RMatrixView& rows = *input.embeddings;
  NodeBlock block = empty_block(kEmbedding, input.n_genes, rows.cols());
  for (Eigen::Index r = 0; r < rows.rows(); ++r) {
    const std::int32_t gene = input.embedding_gene[at(r)];
    block.values.row(gene) = rows.row(r).cast<float>();
    block.present[at(gene)] = 1;
  }
  return block;
}

std::vector<std::uint8_t> genes_with_edges(const CsrGraph& network,
                                           std::int64_t n_genes) {
  std::vector<std::uint8_t> has(at(n_genes), 0);
  if (network.empty()) return has;
  for (std::int64_t g = 0; g < n_genes; ++g) {
    has[at(g)] = network.degree(static_cast<std::int32_t>(g)) > 0 ? 1 : 0;
  }
  return has;
}

const NodeBlock* find_block(const std::vector<NodeBlock>& blocks,
                            const std::string& name) {
  for (const auto& block : blocks) {
    if (block.name == name) return &block;
  }
  return nullptr;
}

std::vector<NodeBlock> make_blocks(const DatasetInput& input,
                                   const ArchitectureConfig& architecture,
                                   const std::vector<ExpressionCohort>& cohorts,
                                   const CsrGraph& network,
                                   const Dataset* known, const GeneMap& gene_of,
                                   std::uint64_t seed, int threads) {
  const auto has_edge = genes_with_edges(network, input.n_genes);
  std::vector<NodeBlock> blocks;
  const auto* known_blocks = known == nullptr ? nullptr : &known->blocks;
  const NodeBlock* known_embedding =
      known_blocks == nullptr ? nullptr : find_block(*known_blocks, kEmbedding);
  if (input.embeddings != nullptr) {
    blocks.push_back(embedding_block(input, network));
  } else if (known_embedding != nullptr) {
    blocks.push_back(block_of_known(*known_embedding, gene_of, network));
  }
  // Each takes long and seldom more than one thread.
  std::vector<NodeBlock> of_network, of_expression;
  parallel_for(2, threads, [&](std::int64_t task) {
    if (task == 0) {
      of_network = network_blocks(network, has_edge, architecture.spectral,
                                  known_blocks, gene_of, seed, threads);
    } else {
      add_expression_blocks(cohorts, architecture.coexpression, known_blocks,
                            gene_of, input.n_genes, seed, threads,
                            &of_expression);
    }
  });
  for (auto* made : {&of_network, &of_expression}) {
    std::move(made->begin(), made->end(), std::back_inserter(blocks));
  }
  return blocks;
}

}  // namespace musl
