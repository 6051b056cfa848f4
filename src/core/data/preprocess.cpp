#include "data/preprocess.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "data/column_moments.h"
#include "data/node_blocks.h"
#include "expression/descriptors.h"
#include "graph/topology.h"

namespace musl {

namespace {

constexpr std::int64_t kMaxPairs = 20000;  // enough for means and sds
constexpr std::int64_t kPairsPerItem = 256;
constexpr int kMiddleCode = 128;

/// Adds pair i of the sample to the moments of its item.
using AddPair = std::function<void(std::int64_t, ColumnMoments*)>;

/// Items are merged in order, so that bits do not depend on threads.
Scaler scaler_over(std::int64_t n_pairs, std::int64_t columns, int threads,
                   const AddPair& add_pair) {
  const std::int64_t items = (n_pairs + kPairsPerItem - 1) / kPairsPerItem;
  std::vector<ColumnMoments> parts(at(items), ColumnMoments(columns));
  parallel_blocks(n_pairs, kPairsPerItem, threads,
                  [&](std::int64_t first, std::int64_t last) {
                    for (std::int64_t i = first; i < last; ++i) {
                      add_pair(i, &parts[at(first / kPairsPerItem)]);
                    }
                  });
  ColumnMoments total(columns);
  for (const auto& part : parts) total.add(part);
  return total.scaler();
}

/// Of the rows with a 1 in `used`.
Scaler row_scaler(const Matrix& rows, const std::vector<std::uint8_t>& used) {
  ColumnMoments columns(rows.cols());
  for (Eigen::Index g = 0; g < rows.rows(); ++g) {
    if (used[at(g)] != 0) columns.add_row(rows.row(g));
  }
  return columns.scaler();
}

void check_blocks(const Dataset& data, const Preprocess& preprocess) {
  for (const auto& block : data.blocks) {
    const auto& scaler = preprocess.block_scaler(block.name);
    const auto known = static_cast<std::int64_t>(scaler.mean.size());
    if (block.values.cols() == known) continue;
    throw ShapeError("Node block \"" + block.name + "\" must have " +
                     std::to_string(known) + " columns, not " +
                     std::to_string(block.values.cols()) + ".");
  }
}

bool is_missing(const NodeBlock& block, Eigen::Index gene) {
  return block.present[at(gene)] == 0 &&
         block.values.row(gene).isZero(/*prec=*/0);
}

// Spectral rows of genes with few edges are a thousandth of the others, and
// only their direction is read: so steps grow with the value.
constexpr double kLinearPart = 0.02;  // standard deviations
constexpr int kLargestCode = 127;
constexpr double kLargestFeature = 6;  // to which Scaler::apply() clips

int feature_code(float x) {
  static const double per_code =
      kLargestCode / std::asinh(kLargestFeature / kLinearPart);
  return static_cast<int>(
      std::nearbyint(per_code * std::asinh(x / kLinearPart)));
}

/// Of codes from -kLargestCode on.
const std::vector<float>& feature_values() {
  static const std::vector<float> values = [] {
    const double per_code =
        kLargestCode / std::asinh(kLargestFeature / kLinearPart);
    std::vector<float> out;
    for (int code = -kLargestCode; code <= kLargestCode; ++code) {
      out.push_back(
          static_cast<float>(kLinearPart * std::sinh(code / per_code)));
    }
    return out;
  }();
  return values;
}

float feature_value(int code) {
  return feature_values()[at(std::int64_t{code} + kLargestCode)];
}

/// Scaled values of a block; the mean, 0, if unknown.
Matrix scaled_block(const NodeBlock& block, const Scaler& scaler) {
  Matrix values = block.values;
  scaler.apply(values.data(), values.rows());
  for (Eigen::Index g = 0; g < values.rows(); ++g) {
    if (is_missing(block, g)) values.row(g).setZero();
  }
  return values;
}

}  // namespace

PairSet scaler_sample(const PairSet& pairs) {
  const std::int64_t n = std::min(pairs.size(), kMaxPairs);
  PairSet out;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::size_t from = at(i * pairs.size() / n);
    out.a.push_back(pairs.a[from]);
    out.b.push_back(pairs.b[from]);
  }
  return out;
}

void Scaler::apply(float* x, std::int64_t n, float clip) const {
  for (std::int64_t i = 0; i < n; ++i, x += mean.size()) {
    for (std::size_t c = 0; c < mean.size(); ++c) {
      const float scaled = (x[c] - mean[c]) / scale[c];
      // NaN stays.
      const float above = scaled < -clip ? -clip : scaled;
      x[c] = above > clip ? clip : above;
    }
  }
}

Scaler fit_descriptor_scaler(const Dataset& data, const PairSet& training,
                             int threads) {
  const PairSet sample = scaler_sample(training);
  const std::int64_t columns = size_of(data.cohorts) * kDescriptors;
  return scaler_over(sample.size(), columns, threads,
                     [&](std::int64_t i, ColumnMoments* moments) {
                       float values[kDescriptors];
                       std::size_t column = 0;
                       for (const auto& cohort : data.cohorts) {
                         const std::size_t first = column;
                         column += kDescriptors;
                         if (!cohort.has_pair(sample.a[at(i)], sample.b[at(i)]))
                           continue;
                         pair_descriptors(cohort, sample.a[at(i)],
                                          sample.b[at(i)], values);
                         for (std::size_t d = 0; d < kDescriptors; ++d) {
                           moments->add(first + d, values[d]);
                         }
                       }
                     });
}

Scaler fit_topology_scaler(const Dataset& data, const PairSet& training,
                           int threads) {
  const PairSet sample = scaler_sample(training);
  const auto connected = [&](std::int32_t gene) {
    return !data.network.empty() && data.network.degree(gene) > 0;
  };
  return scaler_over(sample.size(), kTopology, threads,
                     [&](std::int64_t i, ColumnMoments* moments) {
                       const std::int32_t a = sample.a[at(i)],
                                          b = sample.b[at(i)];
                       if (!connected(a) || !connected(b)) return;
                       float values[kTopology];
                       pair_topology(data.network, a, b, values);
                       moments->add_row(values);
                     });
}

const Scaler& Preprocess::pair_scaler(const std::string& name) const {
  static const Scaler none;
  const auto found = pair_scalers.find(name);
  return found == pair_scalers.end() ? none : found->second;
}

const Scaler& Preprocess::block_scaler(const std::string& name) const {
  const auto found = std::find(block_names.begin(), block_names.end(), name);
  if (found == block_names.end()) {
    throw ShapeError("The data has node features \"" + name +
                     "\", which the model was not trained with. Give no more "
                     "than in training.");
  }
  return blocks[at(found - block_names.begin())];
}

Preprocess fit_preprocess(const Dataset& data, const PairSet& training,
                          int threads) {
  check_pairs(training, data.n_genes);
  Preprocess out;
  for (const auto& block : data.blocks) {
    std::vector<std::uint8_t> used(block.present.size(), 0);
    for (const auto* ends : {&training.a, &training.b}) {
      for (const auto g : *ends) used[at(g)] = block.present[at(g)];
    }
    out.blocks.push_back(row_scaler(block.values, used));
    out.block_names.push_back(block.name);
  }
  if (data.blocks.empty() || data.network.empty()) return out;
  const Matrix copies =
      propagate(normalise(data.network), node_features(data, out), threads);
  out.propagated.push_back(
      row_scaler(copies, std::vector<std::uint8_t>(at(copies.rows()), 1)));
  return out;
}

Matrix node_features(const Dataset& data, const Preprocess& preprocess) {
  check_blocks(data, preprocess);
  Eigen::Index columns = 0;
  for (const auto& scaler : preprocess.blocks) {
    columns += static_cast<Eigen::Index>(scaler.mean.size());
  }
  Matrix out = Matrix::Zero(data.n_genes, columns);
  Eigen::Index first = 0;
  for (std::size_t k = 0; k < preprocess.blocks.size(); ++k) {
    const Scaler& scaler = preprocess.blocks[k];
    const auto width = static_cast<Eigen::Index>(scaler.mean.size());
    const NodeBlock* block = find_block(data.blocks, preprocess.block_names[k]);
    if (block != nullptr) {
      out.middleCols(first, width) =
          scaled_block(*block, scaler).unaryExpr([](float x) {
            return feature_value(feature_code(x));
          });
    }
    first += width;
  }
  return out;
}

ByteMatrix block_codes(const NodeBlock& block, const Scaler& scaler) {
  const Matrix scaled = scaled_block(block, scaler);
  ByteMatrix codes = ByteMatrix::Zero(scaled.rows(), scaled.cols());
  for (Eigen::Index g = 0; g < scaled.rows(); ++g) {
    if (is_missing(block, g)) continue;
    for (Eigen::Index c = 0; c < scaled.cols(); ++c) {
      codes(g, c) =
          static_cast<std::uint8_t>(kMiddleCode + feature_code(scaled(g, c)));
    }
  }
  return codes;
}

NodeBlock block_of_codes(const std::string& name, const ByteMatrix& codes,
                         std::vector<std::uint8_t> present,
                         const Scaler& scaler) {
  NodeBlock block;
  block.name = name;
  block.present = std::move(present);
  block.values = Matrix::Zero(codes.rows(), codes.cols());
  for (Eigen::Index g = 0; g < codes.rows(); ++g) {
    if (codes.row(g).isZero(/*prec=*/0)) continue;
    for (Eigen::Index c = 0; c < codes.cols(); ++c) {
      const int code = std::max<int>(codes(g, c), 1) - kMiddleCode;
      const float scaled = feature_value(code);
      block.values(g, c) = scaler.mean[at(c)] + scaler.scale[at(c)] * scaled;
    }
  }
  return block;
}

}  // namespace musl
