#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nn/base/tensor.h"

namespace musl::nn {

/// A chunk of B pairs as a network reads it: tensors by the names of the inputs
/// (nn/inputs), each (B, ...), and
///
///   gene_a, gene_b    (B, Dg) outputs of the per-gene stages for either gene,
///                     side by side, if an input is per gene
///   mask:<encoder>    (B) 1 if the modality is present for the pair
struct PairBatch {
  std::int64_t size = 0;
  TensorMap tensors;
  ChunkRng* rng = nullptr;  // null: evaluation

  /// InternalError if the chunk lacks it.
  [[nodiscard]] const Tensor& at(const std::string& name) const;
};

/// Sizes of the inputs, by name, known only with data: of one pair's values
/// ({C, K, K} of a histogram); for a per-gene input, the columns of each node
/// block.
class InputSizes {
 public:
  using Shape = std::vector<std::int64_t>;

  /// Empty if there is nothing to read.
  [[nodiscard]] const Shape& of(const std::string& input) const;
  /// Number of values of one pair, 0 if there is nothing to read.
  [[nodiscard]] std::int64_t values(const std::string& input) const;
  /// Sum of the columns of a per-gene input.
  [[nodiscard]] std::int64_t columns(const std::string& input) const;
  void set(const std::string& input, Shape shape);

 private:
  std::map<std::string, Shape> shapes_;
};

/// An encoder and its inputs, all of which a pair must have.
struct Modality {
  std::string encoder;
  std::vector<std::string> inputs;
};

/// Inputs that a network or one of its branches needs for a pair.
struct WantedInputs {
  std::vector<std::string> inputs;
  std::vector<Modality> masks;
};

}  // namespace musl::nn
