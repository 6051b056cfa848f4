#include "data/partner_spaces.h"

#include <cmath>
#include <string>

#include "base/linear_algebra.h"
#include "base/matrix.h"
#include "data/node_blocks.h"

namespace musl {

namespace {

constexpr Eigen::Index kMaxColumns = 128;
constexpr std::uint64_t kProjectionSeed = 20240801;

/// The columns of all blocks whose name starts with `prefix`.
Matrix columns_of(const Matrix& features, const Preprocess& preprocess,
                  const std::string& prefix) {
  Matrix out(features.rows(), 0);
  Eigen::Index first = 0;
  for (std::size_t i = 0; i < preprocess.blocks.size(); ++i) {
    const auto n = static_cast<Eigen::Index>(preprocess.blocks[i].mean.size());
    if (preprocess.block_names[i].rfind(prefix, 0) == 0) {
      append_columns(features.middleCols(first, n), &out);
    }
    first += n;
  }
  return out;
}

/// A fixed random projection keeps angles (Johnson and Lindenstrauss 1984).
Matrix narrowed(const Matrix& x) {
  if (x.cols() <= kMaxColumns) return x;
  return x * random_matrix(x.cols(), kMaxColumns, kProjectionSeed);
}

void add_space(const std::string& name, const Matrix& columns,
               std::vector<NodeBlock>* spaces) {
  if (columns.cols() == 0) return;
  NodeBlock space = empty_block(name, columns.rows(), 0);
  space.values = narrowed(columns);
  for (Eigen::Index g = 0; g < space.values.rows(); ++g) {
    const float length = space.values.row(g).norm();
    if (length <= 0) continue;
    space.values.row(g) =
        (space.values.row(g) / length).unaryExpr(&round_to_half);
    space.present[static_cast<std::size_t>(g)] = 1;
  }
  spaces->push_back(std::move(space));
}

}  // namespace

GeneSpaces partner_spaces(const Dataset& data, const Preprocess& preprocess,
                          int threads) {
  if (!data.spaces.empty()) return data.spaces;
  std::vector<NodeBlock> spaces;
  const Matrix own = node_features(data, preprocess);
  for (const char* name :
       {"spectral", "embedding", "marginals:", "coexpression:"}) {
    add_space(name, columns_of(own, preprocess, name), &spaces);
  }
  if (preprocess.propagated.empty()) return spaces;
  Matrix copy = Matrix::Zero(own.rows(), own.cols());
  if (!data.network.empty()) {
    const Matrix raw = propagate(normalise(data.network), own, threads);
    copy = raw;
    preprocess.propagated[0].apply(copy.data(), copy.rows());
    // A feature that no neighbour has is zero, not below the mean.
    copy = (raw.array() == 0).select(0, copy);
  }
  for (const char* name : {"marginals:", "coexpression:"}) {
    add_space(std::string("propagated ") + name,
              columns_of(copy, preprocess, name), &spaces);
  }
  return spaces;
}

}  // namespace musl
