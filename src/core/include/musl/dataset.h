#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/config.h"
#include "musl/csr_graph.h"
#include "musl/expression.h"
#include "musl/feature_tables.h"
#include "musl/matrix.h"

namespace musl {

/// A block of numbers per gene that the graph encoder starts from.
struct NodeBlock {
  // "embedding", "spectral", "degree", "coexpression:<source>",
  // "marginals:<source>"
  std::string name;
  Matrix values;                      // (G, F), unscaled; missing rows filled
  std::vector<std::uint8_t> present;  // (G) 1 where measured, not filled
};

/// Everything the network reads, over one universe of G genes.
struct Dataset {
  std::int64_t n_genes = 0;
  std::vector<ExpressionSource> sources;
  CsrGraph network;  // over the universe; empty() when none
  /// Inputs of the graph encoder; empty when the graph modality is absent.
  std::vector<NodeBlock> blocks;
  /// (G, members * D) outputs of the graph encoder's per-gene stage as a model
  /// keeps them, member by member; when not empty they are used and `blocks` is
  /// not read (a model never keeps raw embeddings).
  Matrix gene_vectors;
  /// Spaces in which known partners are compared, as a model keeps them
  /// (partner_spaces()); empty while there are blocks.
  std::vector<NodeBlock> spaces;
  /// The labelled pairs a model was trained on: its SL graph.
  PairSet known;
  /// (G) 1 where the gene has an edge or an embedding.
  std::vector<std::uint8_t> in_graph;
  /// The user's own features, for inputs that read them by name: of pairs, and
  /// of genes (G, F).
  std::vector<PairFeatureTable> pair_tables;
  std::vector<NodeBlock> gene_tables;
  /// Is it read as by models of format version 1: expression on no levels, node
  /// features and weights not rounded? For training that such a run began.
  bool exact = false;
};

/// What the caller hands over; nothing here is copied before use.
struct DatasetInput {
  std::int64_t n_genes = 0;
  std::vector<ExpressionInput> sources;
  std::vector<std::int32_t> edge_from, edge_to;  // 0-based, empty: no network
  std::vector<float> edge_weight;
  /// (R, E) embeddings and the universe index of each row; null: none.
  const RMatrixView* embeddings = nullptr;
  std::vector<std::int32_t> embedding_gene;
  /// The user's own features, see Dataset; rows of gene_tables are the genes.
  std::vector<PairFeatures> pair_tables;
  std::vector<NodeBlock> gene_tables;
};

/// What an architecture says of sources.
[[nodiscard]] ExpressionConfig expression_config(
    const ArchitectureConfig& architecture);

/// Prepares sources, network and node blocks as the architecture asks.
///
/// known    the dataset of a fitted model over ITS universe, whose bin edges
/// and
///          spectral and co-expression rows are used for genes both have; null
///          while fitting
/// gene_of  (G) index in `known` of each gene of this universe, -1 for new
/// ones;
///          ignored when known is null
///
/// Blocks are "embedding" (where embeddings are given; missing rows filled from
/// network neighbours), "spectral" and "degree" (log1p; both where there is a
/// network), and of each source "coexpression:<source>" (its leading left
/// singular vectors) and "marginals:<source>". All float rows of sources,
/// spectral and co-expression rows are rounded to half.
///
/// With `known`, sources come out in its order; a source the input lacks is
/// carried over for the genes both have (one whose samples the model left out
/// has no gene). A network is carried over when the input has no edges, and
/// gene vectors when it has neither edges nor embeddings; then there are no
/// blocks. A spectral row of a new gene is the mean of its network neighbours'
/// rows (a new decomposition would not be in the axes the network was trained
/// on); a co-expression row that of the known genes it correlates with best.
/// A table of features that the input lacks is carried over, too.
/// Throws ShapeError for a source that `known` does not have; InputError
/// for sources or tables of one name, two embeddings of a gene or one that is
/// not finite; GeneError for a gene outside the universe.
/// exact  see Dataset
[[nodiscard]] Dataset make_dataset(const DatasetInput& input,
                                   const ArchitectureConfig& architecture,
                                   const Dataset* known,
                                   const std::vector<std::int32_t>& gene_of,
                                   std::uint64_t seed, int threads,
                                   bool exact = false);

}  // namespace musl
