// Embeddings of genes, such as those of proteins: the cosine of two genes, and
// what their leading coordinates have in common.
// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE
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
#include "features/expression_evidence.h"
#include "features/feature_group.h"
#include "musl/evidence.h"
#include "musl/parallel.h"

namespace musl {

UnitRows make_unit_rows(const Matrix& x, int bits) {
  const auto largest_code = static_cast<float>((1 << (bits - 1)) - 1);
  UnitRows out;
  out.width = x.cols();
  out.code.assign(at(x.size()), 0);
  out.scale.assign(at(x.rows()), 0);
  for (Eigen::Index g = 0; g < x.rows(); ++g) {
    const float largest = x.cols() == 0 ? 0 : x.row(g).cwiseAbs().maxCoeff();
    if (!(largest > 0) || !std::isfinite(largest)) continue;
    std::int8_t* code = out.code.data() + g * x.cols();
    std::int64_t squares = 0;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const auto rounded =
          static_cast<int>(std::lround(x(g, j) / largest * largest_code));
      code[j] = static_cast<std::int8_t>(rounded);
      squares += static_cast<std::int64_t>(rounded) * rounded;
    }
    // From the length of the codes, so that a row's cosine with itself is 1.
    out.scale[at(g)] =
        static_cast<float>(1 / std::sqrt(static_cast<double>(squares)));
  }
  return out;
}

float UnitRows::product(std::int32_t a, std::int32_t b) const {
  if (empty() || !has(a) || !has(b)) return kFloatNaN;
  const std::int8_t* x = code.data() + a * width;
  const std::int8_t* y = code.data() + b * width;
  std::int32_t sum = 0;
  for (std::int64_t j = 0; j < width; ++j) {
    sum += static_cast<std::int32_t>(x[j]) * static_cast<std::int32_t>(y[j]);
  }
  const float cosine = static_cast<float>(sum) * (scale[at(a)] * scale[at(b)]);
  return std::clamp(cosine, -1.0F, 1.0F);
}

void UnitRows::add_row(std::int32_t gene, float by, float* out) const {
  if (empty() || gene < 0) return;
  const float factor = scale[at(gene)] * by;
  const std::int8_t* row = code.data() + gene * width;
  for (std::int64_t j = 0; j < width; ++j) {
    out[j] += factor * static_cast<float>(row[j]);
  }
}

float UnitRows::unit_scale() const {
  return std::sqrt(static_cast<float>(width));
}

namespace {

constexpr char kEmbedding[] = "embedding";
constexpr Eigen::Index kEmbeddingAxes = 64;  // that cosines read
constexpr std::int64_t kLeading = 8;         // coordinates with columns

void make_embedding(const EvidenceInput& input, std::uint64_t /*seed*/,
                    int /*threads*/, GeneStore* store) {
  if (input.embeddings == nullptr) return;
  const Matrix rows = embedding_rows(input).values;
  store->vectors[kEmbedding] =
      make_unit_rows(on_principal_axes(rows, kEmbeddingAxes), input.bits);
}

class EmbeddingColumns : public PairColumns {
 public:
  explicit EmbeddingColumns(const GeneStore& store) {
    const auto found = store.vectors.find(kEmbedding);
    if (found == store.vectors.end()) return;
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

const bool embedding_is_registered = register_feature_group(
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

namespace {

constexpr Eigen::Index kRowBlock = 1024;
constexpr Eigen::Index kColumnBlock = 128;
constexpr Eigen::Index kSpareAxes = 32;  // of the subspace
constexpr int kIterations = 3;
constexpr std::uint64_t kAxesSeed = 1;

/// (S, S) the lower triangle of the products of the columns of rows (n, S).
Eigen::MatrixXf column_products(const Matrix& rows, int threads) {
  const Eigen::Index n = rows.cols();
  std::vector<std::pair<Eigen::Index, Eigen::Index>> blocks;
  for (Eigen::Index i = 0; i < n; i += kColumnBlock) {
    for (Eigen::Index j = 0; j <= i; j += kColumnBlock) {
      blocks.emplace_back(i, j);
    }
  }
  Eigen::MatrixXf out = Eigen::MatrixXf::Zero(n, n);
  parallel_for(size_of(blocks), threads, [&](std::int64_t b) {
    const auto [i, j] = blocks[at(b)];
    const auto height = std::min(kColumnBlock, n - i);
    const auto width = std::min(kColumnBlock, n - j);
    out.block(i, j, height, width).noalias() =
        rows.middleCols(i, height).transpose() * rows.middleCols(j, width);
  });
  return out;
}

/// rows (n, S) times y (S, k).
Matrix rows_times(const Matrix& rows, const Eigen::MatrixXf& y, int threads) {
  Matrix out(rows.rows(), y.cols());
  parallel_blocks(rows.rows(), kRowBlock, threads,
                  [&](Eigen::Index first, Eigen::Index last) {
                    const auto n = last - first;
                    out.middleRows(first, n).noalias() =
                        rows.middleRows(first, n) * y;
                  });
  return out;
}

/// rows (n, S), transposed, times y (n, k).
Eigen::MatrixXf columns_times(const Matrix& rows, const Matrix& y,
                              int threads) {
  Eigen::MatrixXf out(rows.cols(), y.cols());
  parallel_blocks(rows.cols(), kColumnBlock, threads,
                  [&](Eigen::Index first, Eigen::Index last) {
                    const auto n = last - first;
                    out.middleRows(first, n).noalias() =
                        rows.middleCols(first, n).transpose() * y;
                  });
  return out;
}

Eigen::MatrixXf exact_axes(const Matrix& rows, int threads) {
  return symmetric_eigen(column_products(rows, threads))
      .vectors.rightCols(kProfileAxes);
}

Eigen::MatrixXf iterated_axes(const Matrix& rows, int threads) {
  Eigen::MatrixXf basis = orthonormal(
      random_matrix(rows.cols(), kProfileAxes + kSpareAxes, kAxesSeed));
  for (int i = 0; i < kIterations; ++i) {
    basis = orthonormal(
        columns_times(rows, rows_times(rows, basis, threads), threads));
  }
  const Matrix within = rows_times(rows, basis, threads);
  return basis * exact_axes(within, threads);
}

}  // namespace

Matrix on_leading_axes(Matrix rows, int threads) {
  if (rows.cols() <= kProfileAxes) return rows;
  return rows_times(rows,
                    rows.cols() <= kExactColumns ? exact_axes(rows, threads)
                                                 : iterated_axes(rows, threads),
                    threads);
}

}  // namespace musl
