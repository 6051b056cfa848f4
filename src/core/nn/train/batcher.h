#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "musl/dataset.h"
#include "musl/pair_set.h"
#include "musl/preprocess.h"
#include "nn/encoders/encoder.h"

namespace musl::nn {

/// Makes the tensors of chunks of pairs, from one dataset with one
/// preprocessing. Reentrant: threads may build chunks at the same time.
class Batcher {
 public:
  Batcher(const Dataset& data, const Preprocess& preprocess,
          std::vector<std::string> inputs, const InputSizes& sizes,
          torch::Device device);

  /// Pairs `index[first .. first + n)` of `pairs`. gene_a / gene_b hold rows of
  /// `gene_vectors` (G or fewer, Dg) where that is defined; `gene_row` maps a
  /// gene to its row there (empty: the gene's own index).
  [[nodiscard]] PairBatch make(const PairSet& pairs,
                               const std::vector<std::int64_t>& index,
                               std::int64_t first, std::int64_t n) const;

  [[nodiscard]] const Dataset& data() const { return data_; }
  [[nodiscard]] torch::Device device() const { return device_; }

 private:
  const Dataset& data_;
  const Preprocess& preprocess_;
  std::vector<std::string> inputs_;
  InputSizes sizes_;
  torch::Device device_;
};

/// Sizes for the network that reads this dataset.
[[nodiscard]] InputSizes input_sizes(const Dataset& data,
                                     const Preprocess& preprocess);

}  // namespace musl::nn
