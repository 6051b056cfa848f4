#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/matrix.h"
#include "musl/pair_set.h"

namespace musl {

/// The user's features of pairs: n pairs, F columns. Inputs of the network find
/// a table by its name.
struct PairFeatures {
  std::string name;
  std::vector<std::string> columns;  // (F) names
  PairSet pairs;                     // (n) without labels
  Matrix values;                     // (n, F); NaN where missing
};

/// A table of pair features, indexed by pair.
class PairFeatureTable {
 public:
  /// Checks and sorts. Throws InputError if the name is empty or a pair occurs
  /// twice; ShapeError if sizes differ; GeneError for a gene outside the
  /// universe.
  PairFeatureTable(const PairFeatures& given, std::int64_t n_genes);

  /// Names, and rows in the order of the pairs' keys, each with a <= b.
  [[nodiscard]] const PairFeatures& features() const { return features_; }
  [[nodiscard]] const std::string& name() const { return features_.name; }
  [[nodiscard]] std::int64_t n_columns() const {
    return features_.values.cols();
  }
  /// (F) values of the pair, in either order; null if the table lacks it.
  [[nodiscard]] const float* find(std::int32_t a, std::int32_t b) const;

 private:
  std::int64_t n_genes_;
  std::vector<std::int64_t> keys_;  // (n) ascending
  PairFeatures features_;
};

/// The table of this name, or null.
[[nodiscard]] const PairFeatureTable* find_table(
    const std::vector<PairFeatureTable>& tables, const std::string& name);

}  // namespace musl
