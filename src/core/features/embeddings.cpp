// Embeddings of genes, such as those of proteins: the cosine of two genes, and
// what their leading coordinates have in common.
// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE
#include "features/embeddings.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/linear_algebra.h"
#include "base/numbers.h"
#include "data/node_blocks.h"
#include "features/feature_group.h"
#include "graph/spectral.h"
#include "store/unit_rows.h"

namespace musl {

namespace {

constexpr char kEmbedding[] = "embedding";
constexpr Eigen::Index kEmbeddingAxes = 64;  // that cosines read
constexpr std::int64_t kLeading = 8;         // coordinates with columns

void make_embedding(const EvidenceInput& input, std::uint64_t /*seed*/,
                    int /*threads*/, GeneStore* store) {
  if (input.embeddings == nullptr) return;
  const Matrix rows = embedding_rows(input).values;
  store->part<KindVectors>()[kEmbedding] =
      make_unit_rows(on_principal_axes(rows, kEmbeddingAxes), input.bits);
}

class EmbeddingColumns : public PairColumns {
 public:
  explicit EmbeddingColumns(const GeneStore& store) {
    const auto found = store.part<KindVectors>().find(kEmbedding);
    if (found == store.part<KindVectors>().end()) return;
    rows_ = &found->second;
    leading_ = std::min(kLeading, rows_->width);
    const std::string group = kEmbedding;
    add("embedding_cosine", group, "similarity of the embeddings");
    for (std::int64_t k = 1; k <= leading_; ++k) {
      const std::string number = std::to_string(k);
      add("embedding_product_" + number, group,
          "product of coordinate " + number + " of the embeddings");
      add("embedding_difference_" + number, group,
          "difference in coordinate " + number + " of the embeddings");
    }
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* /*facts*/) const override {
    *out++ = rows_->product(a, b);
    const bool known = rows_->has(a) && rows_->has(b);
    for (std::int64_t k = 0; k < leading_; ++k) {
      const float x = coordinate(a, k), y = coordinate(b, k);
      *out++ = known ? x * y : PairFacts::kUnknown;
      *out++ = known ? std::abs(x - y) : PairFacts::kUnknown;
    }
  }

 private:
  [[nodiscard]] float coordinate(std::int32_t gene, std::int64_t k) const {
    return rows_->scale[at(gene)] *
           static_cast<float>(rows_->code[at(gene * rows_->width + k)]);
  }

  const UnitRows* rows_ = nullptr;
  std::int64_t leading_ = 0;
};

const bool kEmbeddingIsRegistered = register_feature_group(
    {kEmbedding, 110, make_embedding, make_columns<EmbeddingColumns>});

}  // namespace

Matrix gene_coordinates(const DatasetInput& input, int axes, std::uint64_t seed,
                        int threads) {
  Matrix out(input.n_genes, 0);
  if (!input.edge_from.empty()) {
    const CsrGraph network = make_graph(input.n_genes, input.edge_from,
                                        input.edge_to, input.edge_weight);
    append_columns(spectral_embedding(network, axes, seed, threads), &out);
  }
  if (input.embeddings != nullptr) {
    const NodeBlock given = embedding_rows(input);
    Matrix rows = on_principal_axes(given.values, axes);
    for (std::int64_t g = 0; g < input.n_genes; ++g) {
      if (given.present[at(g)] == 0) rows.row(g).setConstant(kFloatNaN);
    }
    append_columns(rows, &out);
  }
  return out;
}

}  // namespace musl
