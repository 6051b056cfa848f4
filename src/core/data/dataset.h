#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"
#include "data/config.h"
#include "expression/expression.h"
#include "graph/csr_graph.h"
#include "store/gene_input.h"

namespace musl {

/// A block of numbers per gene, an input of the graph encoder.
struct NodeBlock {
  // "embedding", "spectral", "degree", "coexpression:<cohort>",
  // "marginals:<cohort>"
  std::string name;
  Matrix values;                      // (G, F), unscaled; missing rows filled
  std::vector<std::uint8_t> present;  // (G) 1 where measured, not filled
};

/// Spaces in which genes are compared, (G, F) each. Copies share the matrices.
class GeneSpaces {
 public:
  GeneSpaces() = default;
  GeneSpaces(std::vector<NodeBlock> blocks)  // NOLINT: a list is meant
      : blocks_(
            std::make_shared<const std::vector<NodeBlock>>(std::move(blocks))) {
  }

  [[nodiscard]] std::size_t size() const { return blocks_->size(); }
  [[nodiscard]] bool empty() const { return blocks_->empty(); }
  [[nodiscard]] const NodeBlock& operator[](std::size_t i) const {
    return (*blocks_)[i];
  }
  [[nodiscard]] auto begin() const { return blocks_->begin(); }
  [[nodiscard]] auto end() const { return blocks_->end(); }

 private:
  std::shared_ptr<const std::vector<NodeBlock>> blocks_ =
      std::make_shared<const std::vector<NodeBlock>>();
};

/// Everything the network reads, over one universe of G genes.
struct Dataset {
  std::int64_t n_genes = 0;
  std::vector<ExpressionCohort> cohorts;
  CsrGraph network;  // over the universe; empty() when none
  /// Inputs of the graph encoder; empty when the graph modality is absent.
  std::vector<NodeBlock> blocks;
  /// (G, members * D) outputs of the graph encoder's per-gene stage as a model
  /// stores them, member by member. If not empty, they replace `blocks` (a
  /// model never stores raw embeddings).
  Matrix gene_vectors;
  /// Spaces in which known partners are compared, as a model stores them
  /// (partner_spaces()); empty if there are blocks.
  GeneSpaces spaces;
  /// The labelled pairs a model was trained on: its SL graph.
  PairSet known;
  /// (G) 1 where the gene has an edge or an embedding.
  std::vector<std::uint8_t> in_graph;
};

/// The part of an architecture that describes expression cohorts.
[[nodiscard]] ExpressionConfig expression_config(
    const ArchitectureConfig& architecture);

/// Prepares cohorts, network and node blocks as the architecture specifies.
///
/// known    the dataset of a fitted model over ITS universe, whose bin edges,
///          spectral and co-expression rows are used for genes in both; null
///          when fitting
/// gene_of  (G) index in `known` of each gene of this universe, -1 for new
///          genes; ignored if known is null
///
/// Blocks are "embedding" (if embeddings are given; missing rows filled from
/// network neighbours), "spectral" and "degree" (log1p; both if there is a
/// network), and for each cohort "coexpression:<cohort>" (its leading left
/// singular vectors) and "marginals:<cohort>". All float rows of cohorts,
/// spectral and co-expression rows are rounded to half precision.
///
/// With `known`, cohorts follow its order; a cohort missing from the input is
/// carried over for the genes in both (it has no genes if the model was saved
/// without samples). A network is carried over if the input has no edges, and
/// gene vectors if it has neither edges nor embeddings; then there are no
/// blocks. The spectral row of a new gene is the mean of its network
/// neighbours' rows (a new decomposition would not have the axes the network
/// was trained on); its co-expression row is the mean of the known genes that
/// correlate with it best. Throws ShapeError for a cohort that `known` does not
/// have.
[[nodiscard]] Dataset make_dataset(const DatasetInput& input,
                                   const ArchitectureConfig& architecture,
                                   const Dataset* known,
                                   const std::vector<std::int32_t>& gene_of,
                                   std::uint64_t seed, int threads);

}  // namespace musl
