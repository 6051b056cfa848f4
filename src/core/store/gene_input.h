#pragma once

#include <cstdint>
#include <vector>

#include "base/matrix.h"
#include "expression/expression.h"

namespace musl {

/// The caller's inputs; nothing here is copied before use.
struct DatasetInput {
  std::int64_t n_genes = 0;
  std::vector<ExpressionInput> cohorts;
  std::vector<std::int32_t> edge_from, edge_to;  // 0-based, empty: no network
  std::vector<float> edge_weight;
  /// (R, E) embeddings and the universe index of each row; null: none.
  const RMatrixView* embeddings = nullptr;
  std::vector<std::int32_t> embedding_gene;
};

}  // namespace musl
