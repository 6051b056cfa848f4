#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "musl/pair_set.h"
#include "nn/base/tensor.h"

namespace musl::nn {

/// Tensors of distinct pairs, one row per pair, indexed by pair.
class PairTable {
 public:
  /// The distinct ones of `pairs`; indices below n_genes.
  PairTable(const PairSet& pairs, std::int64_t n_genes);

  /// The pairs of the rows, each with a <= b.
  [[nodiscard]] const PairSet& pairs() const { return pairs_; }
  /// `tensor` (pairs().size(), ...)
  void put(const std::string& name, Tensor tensor);
  /// The tensor of this name, or null.
  [[nodiscard]] const Tensor* find(const std::string& name) const;
  /// (B) int64 on the CPU; undefined if the table lacks one of the pairs.
  [[nodiscard]] Tensor rows(const PairSet& pairs) const;

 private:
  std::int64_t n_genes_;
  std::vector<std::int64_t> keys_;  // ascending
  PairSet pairs_;
  std::unordered_map<std::string, Tensor> tensors_;
};

}  // namespace musl::nn
